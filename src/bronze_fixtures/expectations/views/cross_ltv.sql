-- What the suites bronze/cross_ltv and silver/cross_ltv run on.
-- It reads: customers, orders. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_ltv --views --dialect postgres
WITH typed_customers AS (
  SELECT
    TRY_CAST(customer_id AS VARCHAR) AS customer_id,
    TRY_CAST(name AS VARCHAR) AS name,
    TRY_CAST(email AS VARCHAR) AS email,
    TRY_CAST(phone AS VARCHAR) AS phone,
    TRY_CAST(signup_date AS DATE) AS signup_date,
    TRY_CAST(loyalty_tier AS VARCHAR) AS loyalty_tier,
    TRY_CAST(total_lifetime_value AS DECIMAL(12,2)) AS total_lifetime_value,
    TRY_CAST(segment AS VARCHAR) AS segment,
    TRY_CAST(address_city AS VARCHAR) AS address_city,
    TRY_CAST(address_state AS VARCHAR) AS address_state,
    TRY_CAST(address_country AS VARCHAR) AS address_country,
    TRY_CAST(date_of_birth AS DATE) AS date_of_birth,
    TRY_CAST(gender AS VARCHAR) AS gender,
    TRY_CAST(preferred_contact_method AS VARCHAR) AS preferred_contact_method
  FROM customers
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
ids_by_shard AS (
  SELECT shard, count(*) AS shard_rows,
    max(number) - shard * 10000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(customer_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(customer_id, '-', 2) AS BIGINT) / 10000) AS shard
    FROM typed_customers
  ) AS numbered
  GROUP BY shard
),
numbered_orders AS (
  SELECT *, row_number() OVER (PARTITION BY order_id ORDER BY order_id) AS nth FROM typed_orders
),
order_totals AS (
  SELECT customer_id, sum(total_amount) AS amounts, sum(abs(total_amount)) AS sizes
  FROM numbered_orders WHERE nth = 1 GROUP BY customer_id
),
types_of_customers AS (
  SELECT
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__family,
    coalesce(min(CASE WHEN typeof(total_lifetime_value) = 'DECIMAL(12,2)' THEN 1 ELSE 0 END), 1) = 1 AS customers__total_lifetime_value__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(total_lifetime_value), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS customers__total_lifetime_value__family
  FROM customers
),
types_of_orders AS (
  SELECT
    coalesce(min(CASE WHEN typeof(order_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__order_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(order_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__order_id__family,
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__customer_id__family,
    coalesce(min(CASE WHEN typeof(total_amount) = 'DECIMAL(12,2)' THEN 1 ELSE 0 END), 1) = 1 AS orders__total_amount__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(total_amount), '^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)INT|U?INTEGER|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS orders__total_amount__family
  FROM orders
),
prepared AS (
  SELECT
    t.*,
    order_totals.amounts AS order_amounts,
    order_totals.sizes AS order_sizes,
    types_of_customers.customers__customer_id__type AS customers__customer_id__type,
    types_of_customers.customers__customer_id__family AS customers__customer_id__family,
    types_of_customers.customers__total_lifetime_value__type AS customers__total_lifetime_value__type,
    types_of_customers.customers__total_lifetime_value__family AS customers__total_lifetime_value__family,
    types_of_orders.orders__order_id__type AS orders__order_id__type,
    types_of_orders.orders__order_id__family AS orders__order_id__family,
    types_of_orders.orders__customer_id__type AS orders__customer_id__type,
    types_of_orders.orders__customer_id__family AS orders__customer_id__family,
    types_of_orders.orders__total_amount__type AS orders__total_amount__type,
    types_of_orders.orders__total_amount__family AS orders__total_amount__family
  FROM typed_customers AS t
  LEFT JOIN order_totals ON t.customer_id = order_totals.customer_id
  CROSS JOIN types_of_customers
  CROSS JOIN types_of_orders
)
SELECT
  p.customer_id,
  p.order_amounts,
  p.order_sizes,
  p.total_lifetime_value,
  coalesce(p.total_lifetime_value >= p.order_sizes, TRUE) AS total_lifetime_value__covers_orders__bronze,
  coalesce(p.total_lifetime_value >= p.order_amounts, TRUE) AS total_lifetime_value__covers_orders__silver,
  p.customers__customer_id__type,
  p.customers__customer_id__family,
  p.customers__total_lifetime_value__type,
  p.customers__total_lifetime_value__family,
  p.orders__order_id__type,
  p.orders__order_id__family,
  p.orders__customer_id__type,
  p.orders__customer_id__family,
  p.orders__total_amount__type,
  p.orders__total_amount__family
FROM prepared AS p
