"""Runs a command on a terminal of its own and presses Ctrl-C there.

usage: terminal.py TIMES PATTERN COMMAND...

When the command's output shows PATTERN its process id is printed, and a line on stdin lets Ctrl-C be pressed TIMES times.
At the end one line of JSON: the exit code, whether the terminal's settings are as before, and all that was shown.
"""

import fcntl
import json
import os
import pty
import select
import sys
import termios
import time

times, pattern, command = int(sys.argv[1]), sys.argv[2].encode(), sys.argv[3:]
parent, child = pty.openpty()
before = termios.tcgetattr(child)
pid = os.fork()
if pid == 0:
    os.setsid()
    os.close(parent)
    fcntl.ioctl(child, termios.TIOCSCTTY, 0)
    for stream in (0, 1, 2):
        os.dup2(child, stream)
    os.environ.update(TERM="xterm", COLUMNS="100", LINES="30")
    os.environ.pop("NO_COLOR", None)
    os.execvp(command[0], command)

shown, pressed, code = b"", False, None
deadline = time.time() + 120
while time.time() < deadline:
    ready, _, _ = select.select([parent], [], [], 0.05)
    if ready:
        shown += os.read(parent, 65536)
        continue
    if code is not None:
        break
    if not pressed and pattern in shown:
        pressed = True
        print(json.dumps({"pid": pid}), flush=True)
        sys.stdin.readline()
        for _ in range(times):
            os.write(parent, b"\x03")
            time.sleep(0.05)
    ended, status = os.waitpid(pid, os.WNOHANG)
    if ended:
        code = os.waitstatus_to_exitcode(status)
if code is None:
    os.kill(pid, 9)
same = termios.tcgetattr(child) == before
print(json.dumps({"code": code, "sameSettings": same, "shown": shown.decode(errors="replace")}), flush=True)
