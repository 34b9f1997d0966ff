-- What the suites bronze/cross_interactions_customers and silver/cross_interactions_customers run on.
-- It reads: user_interactions, customers, orders. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_interactions_customers --views --dialect postgres
WITH typed_user_interactions AS (
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
typed_customers AS (
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
    max(number) - shard * 200000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(interaction_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(interaction_id, '-', 2) AS BIGINT) / 200000) AS shard
    FROM typed_user_interactions
  ) AS numbered
  GROUP BY shard
),
one_customers AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY customer_id) AS nth FROM typed_customers
),
ordered AS (
  SELECT DISTINCT customer_id, product_id FROM typed_orders
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
    coalesce(min(CASE WHEN regexp_matches(typeof(timestamp), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS user_interactions__timestamp__family
  FROM user_interactions
),
types_of_customers AS (
  SELECT
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__family,
    coalesce(min(CASE WHEN typeof(signup_date) = 'DATE' THEN 1 ELSE 0 END), 1) = 1 AS customers__signup_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(signup_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS customers__signup_date__family
  FROM customers
),
types_of_orders AS (
  SELECT
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__customer_id__family,
    coalesce(min(CASE WHEN typeof(product_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__product_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(product_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__product_id__family
  FROM orders
),
prepared AS (
  SELECT
    t.*,
    customers.customer_id IS NOT NULL OR t.user_id NOT LIKE 'CUST-%' AS user_id__known,
    customers.signup_date AS signed_up,
    ordered.product_id IS NOT NULL AS is_ordered,
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
    types_of_customers.customers__customer_id__type AS customers__customer_id__type,
    types_of_customers.customers__customer_id__family AS customers__customer_id__family,
    types_of_customers.customers__signup_date__type AS customers__signup_date__type,
    types_of_customers.customers__signup_date__family AS customers__signup_date__family,
    types_of_orders.orders__customer_id__type AS orders__customer_id__type,
    types_of_orders.orders__customer_id__family AS orders__customer_id__family,
    types_of_orders.orders__product_id__type AS orders__product_id__type,
    types_of_orders.orders__product_id__family AS orders__product_id__family
  FROM typed_user_interactions AS t
  LEFT JOIN one_customers AS customers ON t.user_id = customers.customer_id AND customers.nth = 1
  LEFT JOIN ordered ON t.user_id = ordered.customer_id AND t.product_id = ordered.product_id
  CROSS JOIN types_of_user_interactions
  CROSS JOIN types_of_customers
  CROSS JOIN types_of_orders
),
counted AS (
  SELECT
    count(*) AS table_rows,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 200000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    sum(CASE WHEN p.interaction_type = 'purchase' AND p.user_id LIKE 'CUST-%' AND TRY_CAST(split_part(p.product_id, '-', 2) AS BIGINT) < 90000000 THEN 1 ELSE 0 END) AS purchases,
    sum(CASE WHEN p.interaction_type = 'purchase' AND p.user_id LIKE 'CUST-%' AND p.is_ordered THEN 1 ELSE 0 END) AS known_purchases
  FROM prepared AS p
),
judged AS (
  SELECT
    CAST(CASE WHEN purchases < 100 THEN 1 ELSE known_purchases * 1.0 / purchases END AS DOUBLE) AS purchase__ordered__total
  FROM counted
)
SELECT
  p.interaction_id,
  p.signed_up,
  p.timestamp,
  p.user_id,
  coalesce(p.user_id__known, TRUE) AS user_id__known,
  coalesce(p."timestamp" >= p.signed_up, TRUE) AS timestamp__after_signup,
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
  p.customers__customer_id__type,
  p.customers__customer_id__family,
  p.customers__signup_date__type,
  p.customers__signup_date__family,
  p.orders__customer_id__type,
  p.orders__customer_id__family,
  p.orders__product_id__type,
  p.orders__product_id__family,
  judged.purchase__ordered__total
FROM prepared AS p
CROSS JOIN judged
