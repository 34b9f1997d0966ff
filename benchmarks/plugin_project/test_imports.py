"""What a session that uses frames imports anyway."""


def test_nothing() -> None:
    import pandas
    import pyarrow.parquet

    assert pandas.__version__
    assert pyarrow.__version__
