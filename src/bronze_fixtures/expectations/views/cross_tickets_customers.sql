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
one_customers AS (
  SELECT *, row_number() OVER (PARTITION BY customer_id ORDER BY customer_id) AS nth FROM typed_customers
),
prepared AS (
  SELECT
    t.*,
    customers.customer_id IS NOT NULL OR t.customer_id IS NULL AS customer_id__known,
    customers.signup_date AS signed_up
  FROM typed_support_tickets AS t
  LEFT JOIN one_customers AS customers ON t.customer_id = customers.customer_id AND customers.nth = 1
)
SELECT
  p.created_at,
  p.customer_id,
  p.signed_up,
  p.ticket_id,
  coalesce(p.customer_id__known, TRUE) AS customer_id__known,
  coalesce(p.created_at >= p.signed_up, TRUE) AS created_at__after_signup
FROM prepared AS p
