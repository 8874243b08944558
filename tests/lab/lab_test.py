"""The quick scenarios of the lab, as a test."""

import os
import pathlib
import sys
import unittest

sys.path.insert(
    0, str(pathlib.Path(__file__).resolve().parent.parent / "e2e"))

import batch
import scenarios
import support


@unittest.skipUnless(os.geteuid() == 0, "needs root, for namespaces")
class Lab(unittest.TestCase):

    def test_ends_are_those_predicted(self):
        quick = [each for each in scenarios.SCENARIOS if each.quick]
        outcomes = batch.run_all(quick)
        print(batch.table(outcomes), flush=True)
        for outcome in outcomes:
            with self.subTest(outcome.scenario.name):
                if outcome.skipped:
                    self.skipTest(outcome.skipped)
                self.assertEqual(outcome.wrong(), [])


if __name__ == "__main__":
    support.main()
