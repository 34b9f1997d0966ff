-- What the suites bronze/cross_orders_customers and silver/cross_orders_customers run on.
-- It reads: orders, customers. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_orders_customers --views --dialect postgres
WITH typed_orders AS (
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
one_customers AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY customer_id) AS nth FROM typed_customers
),
rows_by_customer_id AS (
  SELECT parent.customer_id, count(DISTINCT child.order_id) AS child_rows
  FROM one_customers AS parent
  LEFT JOIN typed_orders AS child ON child.customer_id = parent.customer_id
  WHERE parent.nth = 1
  GROUP BY parent.customer_id
),
ranked_by_customer_id AS (
  SELECT child_rows, row_number() OVER (ORDER BY child_rows DESC) AS busy_rank,
    count(*) OVER () AS parents
  FROM rows_by_customer_id
),
home_counts AS (
  SELECT customers.address_state, o.region, count(*) AS orders
  FROM typed_orders AS o JOIN one_customers AS customers
  ON o.customer_id = customers.customer_id AND customers.nth = 1
  GROUP BY customers.address_state, o.region
),
homes AS (
  SELECT address_state, max(orders) AS at_home, sum(orders) AS every_order FROM home_counts GROUP BY address_state
),
types_of_orders AS (
  SELECT
    coalesce(min(CASE WHEN typeof(order_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__order_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(order_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__order_id__family,
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__customer_id__family,
    coalesce(min(CASE WHEN typeof(order_date) = 'TIMESTAMP' THEN 1 ELSE 0 END), 1) = 1 AS orders__order_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(order_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS orders__order_date__family,
    coalesce(min(CASE WHEN typeof(region) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS orders__region__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(region), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS orders__region__family
  FROM orders
),
types_of_customers AS (
  SELECT
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__family,
    coalesce(min(CASE WHEN typeof(signup_date) = 'DATE' THEN 1 ELSE 0 END), 1) = 1 AS customers__signup_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(signup_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS customers__signup_date__family,
    coalesce(min(CASE WHEN typeof(address_state) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS customers__address_state__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(address_state), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS customers__address_state__family
  FROM customers
),
prepared AS (
  SELECT
    t.*,
    customers.customer_id IS NOT NULL OR t.customer_id IS NULL AS customer_id__known,
    customers.signup_date AS signed_up,
    types_of_orders.orders__order_id__type AS orders__order_id__type,
    types_of_orders.orders__order_id__family AS orders__order_id__family,
    types_of_orders.orders__customer_id__type AS orders__customer_id__type,
    types_of_orders.orders__customer_id__family AS orders__customer_id__family,
    types_of_orders.orders__order_date__type AS orders__order_date__type,
    types_of_orders.orders__order_date__family AS orders__order_date__family,
    types_of_orders.orders__region__type AS orders__region__type,
    types_of_orders.orders__region__family AS orders__region__family,
    types_of_customers.customers__customer_id__type AS customers__customer_id__type,
    types_of_customers.customers__customer_id__family AS customers__customer_id__family,
    types_of_customers.customers__signup_date__type AS customers__signup_date__type,
    types_of_customers.customers__signup_date__family AS customers__signup_date__family,
    types_of_customers.customers__address_state__type AS customers__address_state__type,
    types_of_customers.customers__address_state__family AS customers__address_state__family
  FROM typed_orders AS t
  LEFT JOIN one_customers AS customers ON t.customer_id = customers.customer_id AND customers.nth = 1
  CROSS JOIN types_of_orders
  CROSS JOIN types_of_customers
),
counted AS (
  SELECT
    count(*) AS table_rows,
    (SELECT greatest(least(coalesce(sum(CASE WHEN shard IS NOT NULL AND shard_rows > 1 THEN 1 ELSE 0 END), 0), coalesce(ceil(CAST(sum(shard_rows) AS DOUBLE) / 100000) + 1, 1)), 1) FROM ids_by_shard) AS shards,
    (SELECT max(parents) FROM ranked_by_customer_id) AS customer_id__busiest_parents,
    (SELECT sum(CASE WHEN busy_rank <= floor(0.2 * parents) THEN child_rows ELSE 0 END) * 1.0 / sum(child_rows) FROM ranked_by_customer_id) AS customer_id__busiest_share,
    (SELECT sum(at_home) * 1.0 / sum(every_order) FROM homes) AS at_home
  FROM prepared AS p
),
judged AS (
  SELECT
    CAST(CASE WHEN customer_id__busiest_parents < 100 THEN 0.8 ELSE customer_id__busiest_share END AS DOUBLE) AS customer_id__busiest,
    CAST(CASE WHEN table_rows < 100 THEN 1 ELSE at_home END AS DOUBLE) AS region__at_home__total
  FROM counted
)
SELECT
  p.customer_id,
  p.order_date,
  p.order_id,
  p.signed_up,
  coalesce(p.customer_id__known, TRUE) AS customer_id__known,
  coalesce(p.order_date >= p.signed_up, TRUE) AS order_date__after_signup,
  p.orders__order_id__type,
  p.orders__order_id__family,
  p.orders__customer_id__type,
  p.orders__customer_id__family,
  p.orders__order_date__type,
  p.orders__order_date__family,
  p.orders__region__type,
  p.orders__region__family,
  p.customers__customer_id__type,
  p.customers__customer_id__family,
  p.customers__signup_date__type,
  p.customers__signup_date__family,
  p.customers__address_state__type,
  p.customers__address_state__family,
  judged.customer_id__busiest,
  judged.region__at_home__total
FROM prepared AS p
CROSS JOIN judged
