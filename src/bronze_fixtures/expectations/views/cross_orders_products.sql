-- What the suites bronze/cross_orders_products and silver/cross_orders_products run on.
-- It reads: orders, products. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_orders_products --views --dialect postgres
WITH rates AS (
  SELECT
    CAST(0.03 AS DOUBLE) AS orders_category_mismatch
),
typed_orders AS (
  SELECT
    TRY_CAST(order_id AS VARCHAR) AS order_id,
    TRY_CAST(customer_id AS VARCHAR) AS customer_id,
    TRY_CAST(product_id AS VARCHAR) AS product_id,
    TRY_CAST(order_date AS TIMESTAMP) AS order_date,
    TRY_CAST(quantity AS INTEGER) AS quantity,
    TRY_CAST(unit_price AS DECIMAL(10,2)) AS unit_price,
    TRY_CAST(total_amount AS DECIMAL(12,2)) AS total_amount,
    TRY_CAST(region AS VARCHAR) AS region,
    TRY_CAST(category AS VARCHAR) AS category,
    TRY_CAST(status AS VARCHAR) AS status,
    TRY_CAST(discount_amount AS DECIMAL(10,2)) AS discount_amount,
    TRY_CAST(tax_amount AS DECIMAL(10,2)) AS tax_amount,
    TRY_CAST(shipping_cost AS DECIMAL(10,2)) AS shipping_cost
  FROM orders
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
    max(number) - shard * 100000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(order_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(order_id, '-', 2) AS BIGINT) / 100000) AS shard
    FROM typed_orders
  ) AS numbered
  GROUP BY shard
),
one_products AS (
  SELECT *, row_number() OVER (PARTITION BY product_id ORDER BY product_id) AS nth FROM typed_products
),
types_of_orders AS (
  SELECT
    coalesce(min(CASE WHEN typeof(order_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__order_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(order_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__order_id__family,
    coalesce(min(CASE WHEN typeof(product_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__product_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(product_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__product_id__family,
    coalesce(min(CASE WHEN typeof(order_date) = 'TIMESTAMP' THEN 1 ELSE 0 END), 1) = 1 AS orders__order_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(order_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS orders__order_date__family,
    coalesce(min(CASE WHEN typeof(unit_price) = 'DECIMAL(10,2)' THEN 1 ELSE 0 END), 1) = 1 AS orders__unit_price__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(unit_price), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS orders__unit_price__family,
    coalesce(min(CASE WHEN typeof(category) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__category__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(category), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__category__family
  FROM orders
),
types_of_products AS (
  SELECT
    coalesce(min(CASE WHEN typeof(product_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS products__product_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(product_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS products__product_id__family,
    coalesce(min(CASE WHEN typeof(category) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS products__category__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(category), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS products__category__family,
    coalesce(min(CASE WHEN typeof(price) = 'DECIMAL(10,2)' THEN 1 ELSE 0 END), 1) = 1 AS products__price__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(price), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS products__price__family,
    coalesce(min(CASE WHEN typeof(created_at) = 'DATE' THEN 1 ELSE 0 END), 1) = 1 AS products__created_at__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(created_at), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS products__created_at__family,
    coalesce(min(CASE WHEN typeof(is_active) = 'BOOLEAN' THEN 1 ELSE 0 END), 1) = 1 AS products__is_active__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(is_active), '^(BOOLEAN|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS products__is_active__family
  FROM products
),
prepared AS (
  SELECT
    t.*,
    products.product_id IS NOT NULL OR t.product_id IS NULL AS product_id__known,
    products.price AS products_price,
    t.unit_price = products.price AS unit_price__as_in_products,
    products.category AS products_category,
    t.category = products.category AS category__as_in_products,
    products.created_at AS launched,
    products.is_active AS is_sold,
    types_of_orders.orders__order_id__type AS orders__order_id__type,
    types_of_orders.orders__order_id__family AS orders__order_id__family,
    types_of_orders.orders__product_id__type AS orders__product_id__type,
    types_of_orders.orders__product_id__family AS orders__product_id__family,
    types_of_orders.orders__order_date__type AS orders__order_date__type,
    types_of_orders.orders__order_date__family AS orders__order_date__family,
    types_of_orders.orders__unit_price__type AS orders__unit_price__type,
    types_of_orders.orders__unit_price__family AS orders__unit_price__family,
    types_of_orders.orders__category__type AS orders__category__type,
    types_of_orders.orders__category__family AS orders__category__family,
    types_of_products.products__product_id__type AS products__product_id__type,
    types_of_products.products__product_id__family AS products__product_id__family,
    types_of_products.products__category__type AS products__category__type,
    types_of_products.products__category__family AS products__category__family,
    types_of_products.products__price__type AS products__price__type,
    types_of_products.products__price__family AS products__price__family,
    types_of_products.products__created_at__type AS products__created_at__type,
    types_of_products.products__created_at__family AS products__created_at__family,
    types_of_products.products__is_active__type AS products__is_active__type,
    types_of_products.products__is_active__family AS products__is_active__family
  FROM typed_orders AS t
  LEFT JOIN one_products AS products ON t.product_id = products.product_id AND products.nth = 1
  CROSS JOIN types_of_orders
  CROSS JOIN types_of_products
),
counted AS (
  SELECT
    count(*) AS table_rows,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 100000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    sum(CASE WHEN NOT p.category__as_in_products THEN 1 ELSE 0 END) AS category__mismatch__count
  FROM prepared AS p
),
judged AS (
  SELECT
    CASE WHEN table_rows < 5 THEN 0 ELSE round(sign(CAST(category__mismatch__count - (CASE WHEN orders_category_mismatch > 0 THEN greatest(orders_category_mismatch * table_rows, 1) ELSE 0 END) AS DOUBLE)) * greatest(abs(CAST(category__mismatch__count - (CASE WHEN orders_category_mismatch > 0 THEN greatest(orders_category_mismatch * table_rows, 1) ELSE 0 END) AS DOUBLE)) - (shards - 1), 0), 6) END AS category__mismatch__rows_off
  FROM counted
  CROSS JOIN rates
)
SELECT
  p.category,
  p.is_sold,
  p.launched,
  p.order_date,
  p.order_id,
  p.product_id,
  p.products_category,
  p.products_price,
  p.unit_price,
  coalesce(p.product_id__known, TRUE) AS product_id__known,
  coalesce(p.unit_price__as_in_products, TRUE) AS unit_price__as_in_products,
  coalesce(p.category__as_in_products, TRUE) AS category__as_in_products,
  coalesce(p.order_date >= p.launched, TRUE) AS order_date__after_launch,
  coalesce(p.is_sold OR p.order_date < CAST(DATE '2025-11-15' AS TIMESTAMP), TRUE) AS order_date__while_sold,
  p.orders__order_id__type,
  p.orders__order_id__family,
  p.orders__product_id__type,
  p.orders__product_id__family,
  p.orders__order_date__type,
  p.orders__order_date__family,
  p.orders__unit_price__type,
  p.orders__unit_price__family,
  p.orders__category__type,
  p.orders__category__family,
  p.products__product_id__type,
  p.products__product_id__family,
  p.products__category__type,
  p.products__category__family,
  p.products__price__type,
  p.products__price__family,
  p.products__created_at__type,
  p.products__created_at__family,
  p.products__is_active__type,
  p.products__is_active__family,
  judged.category__mismatch__rows_off
FROM prepared AS p
CROSS JOIN judged
