{{ config(materialized='incremental', incremental_strategy='insert_overwrite', partitioned_by=['day']) }}

select road, vehicles, day from {{ ref('daily') }}
{% if is_incremental() %}where day >= (select max(day) from {{ this }}){% endif %}
