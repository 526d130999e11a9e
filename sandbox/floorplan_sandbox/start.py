"""Makes importing moto quicker: one botocore session instead of one for each list of regions.

Each session reads the same large file again, which is half of moto's start.
"""

import contextlib
import functools

import boto3


@contextlib.contextmanager
def one_session():
    """While it lasts, everything that asks boto3 for a session without arguments gets the same one."""
    original = boto3.Session
    boto3.Session = functools.cache(original)
    try:
        yield
    finally:
        boto3.Session = original
