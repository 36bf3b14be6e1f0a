"""A demonstration: a small company in the middle of its day, made through the same actions as everything else."""

from fechatter.seed.acme import DOMAIN, Demo, find_demo, make_demo

__all__ = ["DOMAIN", "Demo", "find_demo", "make_demo"]
