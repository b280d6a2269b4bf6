"""Runs a command on a terminal of its own and types there.

usage: typed.py COLUMNS TYPED COMMAND...

TYPED is a JSON list of texts; each is typed when a prompt (`> `) is shown. At the end one line of JSON: the exit code, and
all that was shown.
"""

import fcntl
import json
import os
import pty
import select
import struct
import sys
import termios
import time

columns, typed, command = int(sys.argv[1]), json.loads(sys.argv[2]), sys.argv[3:]
pid, parent = pty.fork()
if pid == 0:
    os.environ.update(TERM="xterm", NO_COLOR="1")
    os.execvp(command[0], command)
fcntl.ioctl(parent, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))

shown, since, code = b"", b"", None
deadline = time.time() + 240
while time.time() < deadline:
    if select.select([parent], [], [], 0.1)[0]:
        try:
            read = os.read(parent, 65536)
        except OSError:
            break
        if not read:
            break
        shown, since = shown + read, since + read
    elif typed and b"> " in since:
        since = b""
        os.write(parent, typed.pop(0).encode())
_, status = os.waitpid(pid, 0)
print(json.dumps({"code": os.waitstatus_to_exitcode(status), "shown": shown.decode(errors="replace")}), flush=True)
