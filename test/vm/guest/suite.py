"""suite.py NAME… : runs test_NAME.py of this folder, one after the other in one world. NAME.Class.test picks one."""
import sys
import time
import unittest


def main():
    began = time.monotonic()
    names = [f"test_{name}" for name in sys.argv[1:]]
    program = unittest.main(module=None, argv=["suite.py", "-v", *names], exit=False)
    print(f"  [suite] {time.monotonic() - began:.1f} s", file=sys.stderr, flush=True)
    sys.exit(0 if program.result.wasSuccessful() and program.result.testsRun else 1)


if __name__ == "__main__":
    main()
