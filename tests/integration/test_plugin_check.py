"""`bronze_check` in downstream projects: frames of every kind, lakes, one test per expectation."""

from __future__ import annotations

from fnmatch import fnmatchcase as fnmatch

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
        from bronze_fixtures.validation.runs import run_request
        from bronze_fixtures.validation import expectations_of

        runs = []

        @pytest.fixture(autouse=True)
        def counted(monkeypatch):
            judge = run_request.judge

            def counting(connection, suite, *others, **options):
                runs.append(suite.name)
                return judge(connection, suite, *others, **options)

            monkeypatch.setattr(run_request, "judge", counting)

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
    # Seven expectations and the last test; the other expectations are not chosen. The row count of
    # a frame is not checked without its scale.
    others = len(expectations_of("silver/orders")) - 7
    result.assert_outcomes(passed=7, skipped=1, deselected=others)
    result = project.runpytest_subprocess("-rs", "-k", "rows")
    result.stdout.fnmatch_lines(["SKIPPED*orders.rows: *not checked; give scale= for that"])
    result.stdout.no_fnmatch_line("*Traceback*")


# One session for all of these: each session imports Great Expectations, which takes seconds.
def test_what_can_be_checked(project: pytest.Pytester) -> None:
    project.makepyfile(
        test_frames_and_lakes="""
        import pytest

        @pytest.mark.parametrize("kind", ["pandas", "pyarrow", "polars"])
        def test_frame(kind, bronze, bronze_check):
            bronze_check(bronze.frame("orders", kind), "bronze/orders", scale="tiny")

        def test_floats_are_no_decimals(bronze, bronze_check):
            frame = bronze.frame("orders", "pandas-float")
            with pytest.raises(AssertionError, match="orders.unit_price.type"):
                bronze_check(frame, "bronze/orders")
            bronze_check(frame.drop_duplicates("order_id"), "silver/orders", fail_on="critical")

        def test_batch(bronze, bronze_check):
            (batch,) = bronze.table("products").combine_chunks().to_batches()
            bronze_check(batch, "bronze/products")

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
        """,
        test_part_files="""
        import pyarrow.parquet as pq
        import pytest

        def test_in_a_folder_of_any_name(bronze, tmp_path, bronze_check):
            orders = bronze.table("orders")
            parts = tmp_path / "silver_orders"
            parts.mkdir()
            pq.write_table(orders[:400], parts / "part-0.parquet")
            with pytest.raises(AssertionError, match="orders.rows"):
                bronze_check(parts, "bronze/orders", scale="tiny")
            pq.write_table(orders[400:], parts / "part-1.parquet")
            bronze_check(parts, "bronze/orders", scale="tiny")
        """,
        test_manifest="""
        import json
        import shutil

        import pytest

        def test_a_lake_is_checked_again_once_its_manifest_has_changed(
            bronze_path, tmp_path, bronze_check
        ):
            lake = shutil.copytree(bronze_path, tmp_path / "lake", copy_function=shutil.copyfile)
            bronze_check(lake, "bronze/customers")
            manifest = json.loads((lake / "_manifest.json").read_text())
            manifest["defects"]["rates"]["customers.phone.null"] = 0.5
            (lake / "_manifest.json").unlink()
            (lake / "_manifest.json").write_text(json.dumps(manifest))
            with pytest.raises(AssertionError, match="customers.phone.null"):
                bronze_check(lake, "bronze/customers")
        """,
        test_errors="""
        from dataclasses import replace
        import pytest
        from bronze_fixtures.errors import SuiteError
        from bronze_fixtures.validation.runs import run_request
        from bronze_fixtures.validation import expectations_of

        def test_an_expectation_that_cannot_run_harms_no_other(
            bronze_products, bronze_check, monkeypatch
        ):
            judge = run_request.judge

            def erring(connection, suite, *others, **options):
                first, *rest = suite.expectations
                first = replace(first, type="expect_what_nobody_knows")
                return judge(connection, suite._replace(expectations=[first, *rest]), *others)

            monkeypatch.setattr(run_request, "judge", erring)
            # Other rows than those of the other tests, whose results are kept.
            bronze_products = bronze_products[::-1]
            first, second, *_ = expectations_of("bronze/products")
            with pytest.raises(SuiteError, match="expect_what_nobody_knows"):
                bronze_check(bronze_products, first)
            bronze_check(bronze_products, second, scale="tiny")
            with pytest.raises(SuiteError, match="has no 'products.price.rang'. Did you mean"):
                bronze_check(bronze_products, replace(second, id="products.price.rang"))
        """,
    )
    project.runpytest_subprocess().assert_outcomes(passed=11)


def test_what_has_no_manifest_is_checked_by_the_defects_of_the_session(
    project: pytest.Pytester,
) -> None:
    project.makepyfile(
        """
        import shutil

        def test_frame(bronze_customers, bronze_check):
            bronze_check(bronze_customers, "bronze/customers")

        def test_lake(bronze_path, tmp_path, bronze_check):
            lake = shutil.copytree(bronze_path, tmp_path / "lake", copy_function=shutil.copyfile)
            (lake / "_manifest.json").unlink()
            bronze_check(lake, "bronze/customers")
        """
    )
    project.runpytest_subprocess("--bronze-defects=harsh").assert_outcomes(passed=2)


MISUSES = [
    ("'nowhere'", "bronze/cross_ltv", "nowhere: does not exist. Name a Parquet file, or*"),
    ("{'orders': 'nowhere'}", "bronze/orders", "nowhere: does not exist. Name a Parquet file*"),
    ("{'order': bronze_orders}", "bronze/orders", "bronze/orders: 'order' is not a dataset*"),
    (
        "bronze_orders.rename(columns={'region': 'status'})",
        "bronze/orders",
        "orders: several columns are called 'status'. Keep one.",
    ),
    (
        "bronze.table('orders').rename_columns(['status'] * 13)",
        "bronze/orders",
        "orders: several columns are called 'status'. Keep one.",
    ),
    (
        "__import__('pandas').DataFrame()",
        "bronze/orders",
        "orders: the frame has none of its columns. Give one with the columns of orders.",
    ),
    ("tmp_path", "bronze/orders", "*: has no dataset, such as customers/customers.parquet.*"),
]


def test_misuse_is_one_line(project: pytest.Pytester) -> None:
    project.makepyfile(
        "\n".join(
            f"def test_{number}(bronze, bronze_orders, bronze_check, tmp_path):\n"
            f"    bronze_check({source}, '{suite}')\n"
            for number, (source, suite, _) in enumerate(MISUSES)
        )
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=len(MISUSES))
    told = [line for line in result.outlines if line.startswith("E  ")]
    for line, (_, _, message) in zip(told, MISUSES, strict=True):
        assert fnmatch(line, f"E  *SuiteError: {message}")
    assert "bronze_fixtures/validation" not in result.stdout.str()


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

        def test_no_suite(bronze_orders, bronze_check):
            bronze_check(bronze_orders, None)
        """
    )
    result = project.runpytest_subprocess()
    result.assert_outcomes(failed=5)
    result.stdout.fnmatch_lines(
        [
            "E  *AssertionError: silver/products: 3 expectations failed",
            "E  *silver/products: products.margin_pct.range (warning)",
            "E  *expected  The value is 20.00 to 50.00.",
            "E  *observed  1 of 20 rows breaks this",
            "E  *for       product_id     margin_pct",
            "E  *PROD-00000004  -14.01",
            "E  *SuiteError: silver/product: is not a suite. Did you mean 'silver/products'?",
            "E  *SuiteError: silver/cross_orders_products: has no products. Give a lake, or a "
            "mapping: {'orders': frame, 'products': frame}.",
            "E  *SuiteError: orders: int is not a frame. Give a pandas or Polars frame,*",
            "E  *SuiteError: bronze_check: None is not a suite. Give the name of one, such as*",
        ]
    )
    assert "bronze_fixtures/validation" not in result.stdout.str()
