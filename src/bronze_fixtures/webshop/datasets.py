"""The datasets of the webshop as attributes of a lake, for type checkers alone."""

from typing import Any


class Datasets:
    """What `lake.orders` gives: a frame, whose type depends on the lake's backend."""

    customers: Any
    products: Any
    orders: Any
    marketing_campaigns: Any
    marketing_events: Any
    user_interactions: Any
    support_tickets: Any
