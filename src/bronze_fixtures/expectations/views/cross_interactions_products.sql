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
ids_by_shard AS (
  SELECT shard, count(*) AS shard_rows,
    max(number) - shard * 200000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(interaction_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(interaction_id, '-', 2) AS BIGINT) / 200000) AS shard
    FROM typed_user_interactions
  ) AS numbered
  GROUP BY shard
),
one_products AS (
  SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY product_id) AS nth FROM typed_products
),
types_of_user_interactions AS (
  SELECT
    coalesce(min(CASE WHEN typeof(interaction_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__interaction_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(interaction_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__interaction_id__family,
    coalesce(min(CASE WHEN typeof(user_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__user_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(user_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__user_id__family,
    coalesce(min(CASE WHEN typeof(product_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__product_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(product_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__product_id__family,
    coalesce(min(CASE WHEN typeof(interaction_type) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__interaction_type__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(interaction_type), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__interaction_type__family,
    coalesce(min(CASE WHEN typeof(timestamp) = 'TIMESTAMP' THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__timestamp__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(timestamp), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__timestamp__family,
    coalesce(min(CASE WHEN typeof(session_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__session_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(session_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__session_id__family
  FROM user_interactions
),
types_of_products AS (
  SELECT
    coalesce(min(CASE WHEN typeof(product_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS products__product_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(product_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS products__product_id__family,
    coalesce(min(CASE WHEN typeof(created_at) = 'DATE' THEN 1 ELSE 0 END), 1) = 1 AS products__created_at__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(created_at), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS products__created_at__family
  FROM products
),
stepped AS (
  SELECT
    t.*,
    products.product_id IS NOT NULL OR t.product_id IS NULL AS product_id__known,
    products.created_at AS launched,
    CASE t.interaction_type WHEN 'purchase' THEN 0 WHEN 'cart' THEN 1 WHEN 'view' THEN 2 ELSE 4 END AS interaction_type__step,
    types_of_user_interactions.user_interactions__interaction_id__type AS user_interactions__interaction_id__type,
    types_of_user_interactions.user_interactions__interaction_id__family AS user_interactions__interaction_id__family,
    types_of_user_interactions.user_interactions__user_id__type AS user_interactions__user_id__type,
    types_of_user_interactions.user_interactions__user_id__family AS user_interactions__user_id__family,
    types_of_user_interactions.user_interactions__product_id__type AS user_interactions__product_id__type,
    types_of_user_interactions.user_interactions__product_id__family AS user_interactions__product_id__family,
    types_of_user_interactions.user_interactions__interaction_type__type AS user_interactions__interaction_type__type,
    types_of_user_interactions.user_interactions__interaction_type__family AS user_interactions__interaction_type__family,
    types_of_user_interactions.user_interactions__timestamp__type AS user_interactions__timestamp__type,
    types_of_user_interactions.user_interactions__timestamp__family AS user_interactions__timestamp__family,
    types_of_user_interactions.user_interactions__session_id__type AS user_interactions__session_id__type,
    types_of_user_interactions.user_interactions__session_id__family AS user_interactions__session_id__family,
    types_of_products.products__product_id__type AS products__product_id__type,
    types_of_products.products__product_id__family AS products__product_id__family,
    types_of_products.products__created_at__type AS products__created_at__type,
    types_of_products.products__created_at__family AS products__created_at__family
  FROM typed_user_interactions AS t
  LEFT JOIN one_products AS products ON t.product_id = products.product_id AND products.nth = 1
  CROSS JOIN types_of_user_interactions
  CROSS JOIN types_of_products
),
prepared AS (
  SELECT
    t.*,
    sum(CASE WHEN t.product_id__known AND t.session_id IS NOT NULL THEN 0 ELSE 1 END) OVER (PARTITION BY t.user_id ORDER BY date_diff('second', TIMESTAMP '2020-01-01 00:00:00', t."timestamp") RANGE BETWEEN 1800 PRECEDING AND CURRENT ROW) AS damaged_before,
    sum(CASE WHEN t.interaction_type = 'view' THEN 1 ELSE 0 END) OVER (PARTITION BY t.session_id, t.product_id ORDER BY t.timestamp, t.interaction_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS interaction_type__step_0_so_far,
    sum(CASE WHEN t.interaction_type = 'cart' THEN 1 ELSE 0 END) OVER (PARTITION BY t.session_id, t.product_id ORDER BY t.timestamp, t.interaction_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS interaction_type__step_1_so_far,
    sum(CASE WHEN t.interaction_type = 'purchase' THEN 1 ELSE 0 END) OVER (PARTITION BY t.session_id, t.product_id ORDER BY t.timestamp, t.interaction_type__step ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS interaction_type__step_2_so_far
  FROM stepped AS t
),
counted AS (
  SELECT
    count(*) AS table_rows,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 200000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    sum(CASE WHEN NOT p.product_id__known THEN 1 ELSE 0 END) AS product_id__orphan__count,
    count(DISTINCT CASE WHEN NOT p.product_id__known THEN p.product_id END) AS retired_ids,
    sum(CASE WHEN p.interaction_type = 'cart' THEN 1 ELSE 0 END) AS carts,
    sum(CASE WHEN p.interaction_type = 'cart' AND NOT p.product_id__known THEN 1 ELSE 0 END) AS lost_carts,
    sum(CASE WHEN p.interaction_type = 'purchase' THEN 1 ELSE 0 END) AS purchases,
    sum(CASE WHEN p.interaction_type = 'purchase' AND NOT p.product_id__known THEN 1 ELSE 0 END) AS lost_purchases,
    sum(CASE WHEN p.interaction_type__step_1_so_far > p.interaction_type__step_0_so_far OR p.interaction_type__step_2_so_far > p.interaction_type__step_1_so_far THEN 1 ELSE 0 END) AS interaction_type__funnel_breaks,
    sum(CASE WHEN p.interaction_type IN ('cart', 'purchase') THEN 1 ELSE 0 END) AS interaction_type__funnel_later_steps,
    sum(CASE WHEN NOT p.product_id__known OR p.session_id IS NULL THEN 1 ELSE 0 END) AS interaction_type__funnel_damaged,
    (SELECT coalesce(sum(gaps), 0) FROM ids_by_shard) AS gaps,
    (SELECT coalesce(least(coalesce(sum(gaps), 0), (CAST(2 AS DOUBLE) / 23) * sum(shard_rows) + 2), 0) FROM ids_by_shard) AS lost
  FROM prepared AS p
),
judged AS (
  SELECT
    CASE WHEN table_rows < 5 THEN 0 ELSE round(sign(CAST(product_id__orphan__count - (CASE WHEN user_interactions_product_id_orphan > 0 THEN greatest(user_interactions_product_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(product_id__orphan__count - (CASE WHEN user_interactions_product_id_orphan > 0 THEN greatest(user_interactions_product_id_orphan * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) END AS product_id__orphan__rows_off,
    CAST(greatest(interaction_type__funnel_breaks - (3 * interaction_type__funnel_later_steps * (lost + interaction_type__funnel_damaged) / greatest(table_rows + lost, 1.0) + 5 * sqrt(3 * interaction_type__funnel_later_steps * (lost + interaction_type__funnel_damaged) / greatest(table_rows + lost, 1.0)) + CASE WHEN 3 * interaction_type__funnel_later_steps * (lost + interaction_type__funnel_damaged) / greatest(table_rows + lost, 1.0) > 0 THEN 2 ELSE 0 END), 0) AS DOUBLE) AS interaction_type__funnel_total,
    CAST(greatest(abs(lost_carts - user_interactions_product_id_orphan * carts) - 5 * sqrt(user_interactions_product_id_orphan * carts) - 1, abs(lost_purchases - user_interactions_product_id_orphan * purchases) - 5 * sqrt(user_interactions_product_id_orphan * purchases) - 1, 0) AS DOUBLE) AS product_id__orphan__spread__bronze__total,
    CAST(retired_ids AS DOUBLE) AS product_id__orphan__pool__bronze__total
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
  coalesce(p.damaged_before > 0 OR (p.interaction_type__step_1_so_far <= p.interaction_type__step_0_so_far AND p.interaction_type__step_2_so_far <= p.interaction_type__step_1_so_far), TRUE) AS interaction_type__funnel,
  coalesce(p."timestamp" >= p.launched, TRUE) AS timestamp__after_launch,
  coalesce(p.product_id__known OR TRY_CAST(split_part(p.product_id, '-', 2) AS BIGINT) >= 90000000, TRUE) AS product_id__orphan__retired__bronze,
  p.user_interactions__interaction_id__type,
  p.user_interactions__interaction_id__family,
  p.user_interactions__user_id__type,
  p.user_interactions__user_id__family,
  p.user_interactions__product_id__type,
  p.user_interactions__product_id__family,
  p.user_interactions__interaction_type__type,
  p.user_interactions__interaction_type__family,
  p.user_interactions__timestamp__type,
  p.user_interactions__timestamp__family,
  p.user_interactions__session_id__type,
  p.user_interactions__session_id__family,
  p.products__product_id__type,
  p.products__product_id__family,
  p.products__created_at__type,
  p.products__created_at__family,
  judged.product_id__orphan__rows_off,
  judged.interaction_type__funnel_total,
  judged.product_id__orphan__spread__bronze__total,
  judged.product_id__orphan__pool__bronze__total
FROM prepared AS p
CROSS JOIN judged
