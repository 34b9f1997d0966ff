"""`bronze_check` in downstream projects: frames of every kind, lakes, one test per expectation."""

from __future__ import annotations

import pytest

from bronze_fixtures.validation import expectations_of

SILVER = """
    import pytest

    @pytest.fixture(scope="session")
    def silver_orders(bronze_orders):
        orders = bronze_orders.drop_duplicates("order_id")
        orders = orders[(orders["total_amount"] > 0) & orders["discount_amount"].notna()]
        return orders[orders["category"] != "MISMATCH"]
"""


def test_one_test_per_expectation_and_one_run_of_the_suite(project: pytest.Pytester) -> None:
    project.makeconftest(SILVER)
    project.makepyfile(
        """
        import pytest
        from bronze_fixtures.validation import check, expectations_of, run

        runs = []

        @pytest.fixture(autouse=True)
        def counted(monkeypatch):
            judge = run.judge

            def counting(connection, suite, *others, **options):
                runs.append(suite.name)
                return judge(connection, suite, *others, **options)

            monkeypatch.setattr(run, "judge", counting)

        @pytest.mark.parametrize("expectation", expectations_of("silver/orders"), ids=str)
        def test_silver(expectation, silver_orders, bronze_check):
            bronze_check(silver_orders, expectation)

        def test_again(silver_orders, bronze_check):
            bronze_check(silver_orders, "silver/orders")
            assert runs == ["silver/orders"]
            changed = silver_orders.copy()
            changed.loc[changed.index[0], "region"] = "Centre"
            with pytest.raises(AssertionError, match="orders.region.values"):
                bronze_check(changed, "silver/orders")
            assert runs == ["silver/orders"] * 2
        """
    )
    result = project.runpytest_subprocess("-k", "values or unique or again or rows")
    # Six expectations and the last test; the other expectations are not chosen.
    others = len(expectations_of("silver/orders")) - 6
    result.assert_outcomes(passed=7, deselected=others)
    result.stdout.no_fnmatch_line("*Traceback*")


def test_frames_of_every_kind_and_lakes(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        import pytest

        @pytest.mark.parametrize("kind", ["pandas", "pyarrow", "polars"])
        def test_frame(kind, bronze, bronze_check):
            bronze_check(bronze.frame("orders", kind), "bronze/orders", scale="tiny")

        def test_floats_are_no_decimals(bronze, bronze_check):
            frame = bronze.frame("orders", "pandas-float")
            with pytest.raises(AssertionError, match="orders.unit_price.type"):
                bronze_check(frame, "bronze/orders")
            bronze_check(frame.drop_duplicates("order_id"), "silver/orders", fail_on="critical")

        def test_relation(bronze_duckdb, bronze_check):
            bronze_check(bronze_duckdb.table("products"), "bronze/products")

        def test_paths_and_lakes(bronze, bronze_path, bronze_clean, bronze_check):
            bronze_check(bronze.path("orders"), "bronze/orders")
            bronze_check(str(bronze.path("orders")), "bronze/orders")
            bronze_check(bronze, "bronze/cross_orders_products")
            bronze_check(bronze_path, "bronze/cross_orders_products")
            bronze_check(bronze_clean, "silver/cross_orders_products")

        def test_several_frames(bronze_orders, bronze_products, bronze_check):
            frames = {"orders": bronze_orders, "products": bronze_products}
            bronze_check(frames, "bronze/cross_orders_products")
        """
    )
    project.runpytest_subprocess().assert_outcomes(passed=7)


def test_frames_are_judged_by_the_defects_of_the_session(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_customers(bronze_customers, bronze_check):
            bronze_check(bronze_customers, "bronze/customers")
        """
    )
    project.runpytest_subprocess("--bronze-defects=harsh").assert_outcomes(passed=1)


def test_a_failure_is_a_readable_table_and_wrong_use_one_line(project: pytest.Pytester) -> None:
    project.makepyfile(
        """
        def test_dirty(bronze_products, bronze_check):
            bronze_check(bronze_products, "silver/products")

        def test_unknown(bronze_products, bronze_check):
            bronze_check(bronze_products, "silver/product")

        def test_alone(bronze_orders, bronze_check):
            bronze_check(bronze_orders, "silver/cross_orders_products")

        def test_no_frame(bronze_check):
            bronze_check(42, "silver/orders")
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(
        [
            "E  *AssertionError: silver/products: 3 expectations failed",
            "E  *silver/products: products.margin_pct.range (warning)",
            "E  *expected  The value is 20.00 to 50.00.",
            "E  *observed  1 of 20 rows do not",
            "E  *for       product_id     margin_pct",
            "E  *PROD-00000004  -14.01",
            "E  *SuiteError: silver/product: is no suite. Did you mean 'silver/products'?",
            "E  *SuiteError: silver/cross_orders_products: needs orders, products. Give a lake,*",
            "E  *SuiteError: orders: int is no frame. Give a pandas or Polars frame,*",
        ]
    )
    assert "validation/check.py" not in result.stdout.str()
