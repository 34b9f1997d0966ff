-- What the suites bronze/cross_interactions_products and silver/cross_interactions_products run on.
-- It reads: user_interactions, products. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_interactions_products --views --dialect postgres
WITH rates AS (
  SELECT
    CAST(0.05 AS DOUBLE) AS user_interactions_product_id_orphan
),
typed_user_interactions AS (
  SELECT
    TRY_CAST(interaction_id AS VARCHAR) AS interaction_id,
    TRY_CAST(user_id AS VARCHAR) AS user_id,
    TRY_CAST(product_id AS VARCHAR) AS product_id,
    TRY_CAST(interaction_type AS VARCHAR) AS interaction_type,
    TRY_CAST(timestamp AS TIMESTAMP) AS timestamp,
    TRY_CAST(rating AS INTEGER) AS rating,
    TRY_CAST(session_id AS VARCHAR) AS session_id,
    TRY_CAST(duration_seconds AS INTEGER) AS duration_seconds,
    TRY_CAST(referrer AS VARCHAR) AS referrer,
    TRY_CAST(device_type AS VARCHAR) AS device_type
  FROM user_interactions
),
typed_products AS (
  SELECT
    TRY_CAST(product_id AS VARCHAR) AS product_id,
    TRY_CAST(product_name AS VARCHAR) AS product_name,
    TRY_CAST(category AS VARCHAR) AS category,
    TRY_CAST(subcategory AS VARCHAR) AS subcategory,
    TRY_CAST(brand AS VARCHAR) AS brand,
    TRY_CAST(price AS DECIMAL(10,2)) AS price,
    TRY_CAST(cost AS DECIMAL(10,2)) AS cost,
    TRY_CAST(margin_pct AS DECIMAL(5,2)) AS margin_pct,
    TRY_CAST(stock_quantity AS INTEGER) AS stock_quantity,
    TRY_CAST(supplier_id AS VARCHAR) AS supplier_id,
    TRY_CAST(created_at AS DATE) AS created_at,
    TRY_CAST(is_active AS BOOLEAN) AS is_active,
    TRY_CAST(rating_avg AS DECIMAL(3,2)) AS rating_avg,
    TRY_CAST(review_count AS INTEGER) AS review_count
  FROM products
),
one_products AS (
  SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY product_id) AS nth FROM typed_products
),
stepped AS (
  SELECT
    t.*,
    products.product_id IS NOT NULL OR t.product_id IS NULL AS product_id__known,
    products.created_at AS launched,
    CASE t.interaction_type WHEN 'purchase' THEN 1 WHEN 'cart' THEN 2 WHEN 'view' THEN 3 ELSE 4 END AS step
  FROM typed_user_interactions AS t
  LEFT JOIN one_products AS products ON t.product_id = products.product_id AND products.nth = 1
),
prepared AS (
  SELECT
    t.*,
    sum(CASE WHEN t.product_id__known AND t.session_id IS NOT NULL THEN 0 ELSE 1 END) OVER (PARTITION BY t.user_id ORDER BY date_diff('second', TIMESTAMP '2020-01-01 00:00:00', t."timestamp") RANGE BETWEEN 1800 PRECEDING AND CURRENT ROW) AS damaged_before,
    sum(CASE WHEN t.interaction_type = 'view' THEN 1 ELSE 0 END) OVER (PARTITION BY t.session_id, t.product_id ORDER BY t."timestamp", t.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS own_views,
    sum(CASE WHEN t.interaction_type = 'cart' THEN 1 ELSE 0 END) OVER (PARTITION BY t.session_id, t.product_id ORDER BY t."timestamp", t.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS own_carts,
    sum(CASE WHEN t.interaction_type = 'purchase' THEN 1 ELSE 0 END) OVER (PARTITION BY t.session_id, t.product_id ORDER BY t."timestamp", t.step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS own_purchases
  FROM stepped AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    greatest(ceil(CAST(count(*) AS DOUBLE) / 200000), 1) AS shards,
    sum(CASE WHEN NOT p.product_id__known THEN 1 ELSE 0 END) AS product_id__orphan__count,
    count(DISTINCT CASE WHEN NOT p.product_id__known THEN p.product_id END) AS retired_ids,
    sum(CASE WHEN p.own_carts > p.own_views OR p.own_purchases > p.own_carts THEN 1 ELSE 0 END) AS funnel_breaks,
    sum(CASE WHEN p.interaction_type = 'cart' THEN 1 ELSE 0 END) AS carts,
    sum(CASE WHEN p.interaction_type = 'cart' AND NOT p.product_id__known THEN 1 ELSE 0 END) AS lost_carts
  FROM prepared AS p
),
judged AS (
  SELECT
    round(sign(CAST(product_id__orphan__count - (CASE WHEN user_interactions_product_id_orphan > 0 THEN greatest(user_interactions_product_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(product_id__orphan__count - (CASE WHEN user_interactions_product_id_orphan > 0 THEN greatest(user_interactions_product_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) AS product_id__orphan__rows_off,
    CAST(greatest(abs(lost_carts - user_interactions_product_id_orphan * carts) - 5 * sqrt(user_interactions_product_id_orphan * carts) - 1, 0) AS DOUBLE) AS product_id__orphan__spread__total,
    CAST(retired_ids AS DOUBLE) AS product_id__orphan__pool__total,
    CAST(greatest(funnel_breaks - 0.1 * table_rows, 0) AS DOUBLE) AS interaction_type__funnel__total
  FROM counted
  CROSS JOIN rates
)
SELECT
  p.interaction_id,
  p.interaction_type,
  p.launched,
  p.product_id,
  p.session_id,
  p.timestamp,
  coalesce(p.product_id__known, TRUE) AS product_id__known,
  coalesce(p."timestamp" >= p.launched, TRUE) AS timestamp__after_launch,
  coalesce(p.damaged_before > 0 OR (p.own_carts <= p.own_views AND p.own_purchases <= p.own_carts), TRUE) AS interaction_type__funnel,
  judged.product_id__orphan__rows_off,
  judged.product_id__orphan__spread__total,
  judged.product_id__orphan__pool__total,
  judged.interaction_type__funnel__total
FROM prepared AS p
CROSS JOIN judged
