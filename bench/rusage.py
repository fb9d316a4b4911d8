"""A command → what it took, as the last line on stdout: seconds on the clock, seconds of CPU (children included), peak MB, exit code.

rusage.py INPUT OUTPUT -- COMMAND ...; INPUT becomes its stdin, OUTPUT its stdout. Node.js itself doesn't tell the usage of a child.
"""
import json
import os
import sys
import time

source, sink = sys.argv[1:3]
command = sys.argv[4:]
started_at = time.perf_counter()
pid = os.fork()
if pid == 0:
    os.dup2(os.open(source, os.O_RDONLY), 0)
    os.dup2(os.open(sink, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), 1)
    os.execvp(command[0], command)
_, status, usage = os.wait4(pid, 0)
print(json.dumps({
    'wall': time.perf_counter() - started_at,
    'cpu': usage.ru_utime + usage.ru_stime,
    'peak': usage.ru_maxrss * 1024 / 1e6,
    'code': os.waitstatus_to_exitcode(status),
}))
