"""A short soak: nothing grows, and what grows on purpose is found."""

import subprocess
import unittest

import namespaces
import soak
import support

SCRAPES = 3000
SCRAPES_TO_FIND_A_LEAK = 800


@unittest.skipUnless(namespaces.inside(), "needs root, for namespaces")
class Soak(unittest.TestCase):

    def test_nothing_grows(self):
        done = soak.run(SCRAPES, stdout=subprocess.PIPE,
                        stderr=subprocess.STDOUT, text=True)
        print(done.stdout, flush=True)
        self.assertEqual(done.returncode, 0)

    def test_finds_leaks(self):
        for leak, message in (("heap", "bytes of the heap: from"),
                              ("resident", "resident bytes: from"),
                              ("descriptors", "descriptors: from"),
                              ("threads", "threads: from")):
            with self.subTest(leak):
                done = soak.run(SCRAPES_TO_FIND_A_LEAK, leak,
                                stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True)
                self.assertEqual(done.returncode, 1, done.stdout)
                self.assertIn(f"It has grown. {message}", done.stdout)


if __name__ == "__main__":
    namespaces.enter()
    support.main()
