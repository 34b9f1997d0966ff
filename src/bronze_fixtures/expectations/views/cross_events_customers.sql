-- What the suites bronze/cross_events_customers and silver/cross_events_customers run on.
-- It reads: marketing_events, customers. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_events_customers --views --dialect postgres
WITH typed_marketing_events AS (
  SELECT
    TRY_CAST(event_id AS VARCHAR) AS event_id,
    TRY_CAST(campaign_id AS VARCHAR) AS campaign_id,
    TRY_CAST(event_date AS TIMESTAMP) AS event_date,
    TRY_CAST(event_type AS VARCHAR) AS event_type,
    TRY_CAST(user_id AS VARCHAR) AS user_id,
    TRY_CAST(cost AS DECIMAL(10,4)) AS cost,
    TRY_CAST(revenue AS DECIMAL(10,2)) AS revenue,
    TRY_CAST(device_type AS VARCHAR) AS device_type,
    TRY_CAST(browser AS VARCHAR) AS browser,
    TRY_CAST(location AS VARCHAR) AS location
  FROM marketing_events
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
    max(number) - shard * 500000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(event_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(event_id, '-', 2) AS BIGINT) / 500000) AS shard
    FROM typed_marketing_events
  ) AS numbered
  GROUP BY shard
),
one_customers AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY customer_id) AS nth FROM typed_customers
),
types_of_marketing_events AS (
  SELECT
    coalesce(min(CASE WHEN typeof(event_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(event_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__event_id__family,
    coalesce(min(CASE WHEN typeof(user_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__user_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(user_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS marketing_events__user_id__family
  FROM marketing_events
),
types_of_customers AS (
  SELECT
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__family
  FROM customers
),
prepared AS (
  SELECT
    t.*,
    customers.customer_id IS NOT NULL OR t.user_id NOT LIKE 'CUST-%' AS user_id__known,
    types_of_marketing_events.marketing_events__event_id__type AS marketing_events__event_id__type,
    types_of_marketing_events.marketing_events__event_id__family AS marketing_events__event_id__family,
    types_of_marketing_events.marketing_events__user_id__type AS marketing_events__user_id__type,
    types_of_marketing_events.marketing_events__user_id__family AS marketing_events__user_id__family,
    types_of_customers.customers__customer_id__type AS customers__customer_id__type,
    types_of_customers.customers__customer_id__family AS customers__customer_id__family
  FROM typed_marketing_events AS t
  LEFT JOIN one_customers AS customers ON t.user_id = customers.customer_id AND customers.nth = 1
  CROSS JOIN types_of_marketing_events
  CROSS JOIN types_of_customers
)
SELECT
  p.event_id,
  p.user_id,
  coalesce(p.user_id__known, TRUE) AS user_id__known,
  p.marketing_events__event_id__type,
  p.marketing_events__event_id__family,
  p.marketing_events__user_id__type,
  p.marketing_events__user_id__family,
  p.customers__customer_id__type,
  p.customers__customer_id__family
FROM prepared AS p
