{{ config(materialized='incremental', table_type='iceberg', incremental_strategy='merge', unique_key='road', on_schema_change='append_new_columns', partitioned_by=['bucket(road, 2)']) }}

select road, sum(vehicles) as vehicles, {{ "2" if is_incremental() else "1" }} as run
{% if is_incremental() %}, count(*) as days{% endif %}
from {{ ref('daily') }} group by road
