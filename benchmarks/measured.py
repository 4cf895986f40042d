"""Runs a command, and prints what the operating system says of it: `python3 benchmarks/measured.py node app.js`.

Seconds, seconds of the processors with those of its children, and its largest memory in MiB. Node.js learns that of itself only.
"""

import json
import os
import subprocess
import sys
import time

started = time.perf_counter()
process = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
_, status, usage = os.wait4(process.pid, 0)
seconds = time.perf_counter() - started
if status != 0:
    sys.exit(f"it failed: {' '.join(sys.argv[1:])}")
# Kilobytes, and on macOS bytes.
unit = 1024**2 if sys.platform == "darwin" else 1024
print(json.dumps({"seconds": seconds, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / unit}))
