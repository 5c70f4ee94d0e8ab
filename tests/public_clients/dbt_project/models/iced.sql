{{ config(materialized='table', table_type='iceberg', table_properties={'optimize_rewrite_delete_file_threshold': '2'}) }}

select id, road, cast(opened as timestamp(6)) as opened from {{ ref('sites') }}
