"""The instant that counts as today in the web shop, which its generators are made for."""

from __future__ import annotations

import datetime as dt

from bronze_fixtures.generation.calendar import day_of, second_of

AS_OF = dt.datetime(2025, 11, 15, 23, 59, 59)
AS_OF_DAY = day_of(AS_OF)
AS_OF_SECOND = second_of(AS_OF)
