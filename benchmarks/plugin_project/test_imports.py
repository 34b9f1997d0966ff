"""What a session that uses frames imports anyway."""


def test_nothing() -> None:
    import pandas  # noqa: PLC0415
    import pyarrow.parquet  # noqa: PLC0415

    assert pandas.__version__
    assert pyarrow.__version__
