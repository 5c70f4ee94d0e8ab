{{ config(materialized='table', format='parquet', write_compression='zstd', partitioned_by=['day']) }}

select s.road, c.vehicles, cast(c.day as varchar) as day
from {{ ref('counts') }} c join {{ ref('sites') }} s on s.id = c.site
