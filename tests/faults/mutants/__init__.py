"""Copies of the product with one promise's guard taken out: a run on each of them must turn red."""

from tests.faults.mutants.catalogue import MUTANTS
from tests.faults.mutants.mutant import Edit, Mutant, copy_of

__all__ = ["MUTANTS", "Edit", "Mutant", "copy_of"]
