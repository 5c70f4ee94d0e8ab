{{ config(materialized='incremental', incremental_strategy='append', format='orc') }}

select road, {{ "2" if is_incremental() else "1" }} as run from {{ ref('sites') }}
