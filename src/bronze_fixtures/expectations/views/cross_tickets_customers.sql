-- What the suites bronze/cross_tickets_customers and silver/cross_tickets_customers run on.
-- It reads: support_tickets, customers. This is DuckDB's dialect; for others:
-- bronze-fixtures describe cross_tickets_customers --views --dialect postgres
WITH typed_support_tickets AS (
  SELECT
    TRY_CAST(ticket_id AS VARCHAR) AS ticket_id,
    TRY_CAST(customer_id AS VARCHAR) AS customer_id,
    TRY_CAST(created_at AS TIMESTAMP) AS created_at,
    TRY_CAST(resolved_at AS TIMESTAMP) AS resolved_at,
    TRY_CAST(category AS VARCHAR) AS category,
    TRY_CAST(priority AS VARCHAR) AS priority,
    TRY_CAST(status AS VARCHAR) AS status,
    TRY_CAST(satisfaction_score AS INTEGER) AS satisfaction_score,
    TRY_CAST(resolution_time_hours AS DECIMAL(10,2)) AS resolution_time_hours,
    TRY_CAST(agent_id AS VARCHAR) AS agent_id,
    TRY_CAST(channel AS VARCHAR) AS channel
  FROM support_tickets
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
    max(number) - shard * 5000 + 1 - count(DISTINCT number) AS gaps
  FROM (
    SELECT TRY_CAST(split_part(ticket_id, '-', 2) AS BIGINT) AS number,
      floor(TRY_CAST(split_part(ticket_id, '-', 2) AS BIGINT) / 5000) AS shard
    FROM typed_support_tickets
  ) AS numbered
  GROUP BY shard
),
one_customers AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY customer_id) AS nth FROM typed_customers
),
types_of_support_tickets AS (
  SELECT
    coalesce(min(CASE WHEN typeof(ticket_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS support_tickets__ticket_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(ticket_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS support_tickets__ticket_id__family,
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS support_tickets__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS support_tickets__customer_id__family,
    coalesce(min(CASE WHEN typeof(created_at) = 'TIMESTAMP' THEN 1 ELSE 0 END), 1) = 1 AS support_tickets__created_at__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(created_at), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS support_tickets__created_at__family
  FROM support_tickets
),
types_of_customers AS (
  SELECT
    coalesce(min(CASE WHEN typeof(customer_id) = 'VARCHAR' THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(customer_id), '^(VARCHAR|ENUM.''.*''.|.NULL.)$') THEN 1 ELSE 0 END), 1) = 1 AS customers__customer_id__family,
    coalesce(min(CASE WHEN typeof(signup_date) = 'DATE' THEN 1 ELSE 0 END), 1) = 1 AS customers__signup_date__type,
    coalesce(min(CASE WHEN regexp_matches(typeof(signup_date), '^(TIMESTAMP|DATE|.NULL.)') THEN 1 ELSE 0 END), 1) = 1 AS customers__signup_date__family
  FROM customers
),
prepared AS (
  SELECT
    t.*,
    customers.customer_id IS NOT NULL OR t.customer_id IS NULL AS customer_id__known,
    customers.signup_date AS signed_up,
    types_of_support_tickets.support_tickets__ticket_id__type AS support_tickets__ticket_id__type,
    types_of_support_tickets.support_tickets__ticket_id__family AS support_tickets__ticket_id__family,
    types_of_support_tickets.support_tickets__customer_id__type AS support_tickets__customer_id__type,
    types_of_support_tickets.support_tickets__customer_id__family AS support_tickets__customer_id__family,
    types_of_support_tickets.support_tickets__created_at__type AS support_tickets__created_at__type,
    types_of_support_tickets.support_tickets__created_at__family AS support_tickets__created_at__family,
    types_of_customers.customers__customer_id__type AS customers__customer_id__type,
    types_of_customers.customers__customer_id__family AS customers__customer_id__family,
    types_of_customers.customers__signup_date__type AS customers__signup_date__type,
    types_of_customers.customers__signup_date__family AS customers__signup_date__family
  FROM typed_support_tickets AS t
  LEFT JOIN one_customers AS customers ON t.customer_id = customers.customer_id AND customers.nth = 1
  CROSS JOIN types_of_support_tickets
  CROSS JOIN types_of_customers
)
SELECT
  p.created_at,
  p.customer_id,
  p.signed_up,
  p.ticket_id,
  coalesce(p.customer_id__known, TRUE) AS customer_id__known,
  coalesce(p.created_at >= p.signed_up, TRUE) AS created_at__after_signup,
  p.support_tickets__ticket_id__type,
  p.support_tickets__ticket_id__family,
  p.support_tickets__customer_id__type,
  p.support_tickets__customer_id__family,
  p.support_tickets__created_at__type,
  p.support_tickets__created_at__family,
  p.customers__customer_id__type,
  p.customers__customer_id__family,
  p.customers__signup_date__type,
  p.customers__signup_date__family
FROM prepared AS p
