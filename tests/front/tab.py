# SPDX-License-Identifier: LGPL-2.1-only OR BSD-2-Clause
# tab.py SETUP COMMAND...: an interactive shell in a terminal. SETUP is its first line; then for each line WANTED|KEYS of the
# standard input the keys are typed (with Python's escapes), WANTED must appear, and the line is thrown away by Ctrl-U. Says
# what did not appear within a minute, and leaves with 1.
import os, pty, select, sys, time

setup, command = sys.argv[1], sys.argv[2:]
pairs = [line.rstrip("\n").split("|", 1) for line in sys.stdin]
pid, fd = pty.fork()
if pid == 0:
    os.environ.update(TERM="dumb", PS1="", COLUMNS="160", LINES="50")
    os.execvp(command[0], command)

screen = b""


def wait_for(text, start):
    global screen
    end = time.time() + 60
    while text not in screen[start:]:
        if time.time() > end or not select.select([fd], [], [], max(0, end - time.time()))[0]:
            return False
        try:
            screen += os.read(fd, 65536)
        except OSError:
            return False
    return True


failed = 0
# The echo of the line has the quotes, what it prints has not.
os.write(fd, setup.encode() + b"; echo rea''dy\n")
if not wait_for(b"ready", 0):
    pairs, failed = [], 1
    sys.stderr.write("%s does not begin:\n%s\n" % (command[0], screen[-2000:].decode(errors="replace")))
for wanted, keys in pairs:
    start = len(screen)
    os.write(fd, keys.encode().decode("unicode_escape").encode())
    if not wait_for(wanted.encode(), start):
        failed = 1
        sys.stderr.write("no %r after %r:\n%s\n" % (wanted, keys, screen[start:].decode(errors="replace")))
        break
    os.write(fd, b"\x15")
os.kill(pid, 9)
os.close(fd)
os.waitpid(pid, 0)
sys.exit(failed)
