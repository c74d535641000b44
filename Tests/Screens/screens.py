#!/usr/bin/env python3
"""Plays a session of the real programs in tmux and writes what people see into README.md.

    screens.py FOLDER README.md

FOLDER has the built programs. Ports 8080 and 5000-5003 of 127.0.0.1 have to be free. In the README each screen stands
between `<!-- screen NAME -->` and `<!-- end of screen -->`. Every step waits for what it should lead to: a program that
says something else ends this with an error, and a second run changes times, keys and figures only.
"""

import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

COLUMNS, ROWS = 80, 24
PATIENCE = 60
PASSWORD = "GAS1"


class Window:
    """A terminal with a shell in it."""

    def __init__(self, folder, programs, name):
        self.socket = f"{folder}/{name}.tmux"
        self.name = name
        home = f"{folder}/{name}"
        os.mkdir(home)
        environment = {
            "PATH": f"{programs}:/usr/bin:/bin", "HOME": home, "LC_ALL": "C.UTF-8", "TERM": "screen-256color",
            "PS1": "$ ", "HISTFILE": "", "NO_COLOR": "1",
        }
        shell = ["/usr/bin/env", "-i", *(f"{key}={value}" for key, value in environment.items()),
                 "/bin/bash", "--noprofile", "--norc"]
        self.tmux("new-session", "-d", "-s", "it", "-c", home, "-x", str(COLUMNS), "-y", str(ROWS), *shell)
        self.wait(lambda rows: rows[-1:] == ["$"])

    def tmux(self, *arguments):
        run = subprocess.run(["tmux", "-u", "-S", self.socket, "-f", "/dev/null", *arguments],
                             capture_output=True, text=True, check=True)
        return run.stdout

    def close(self):
        # A server goes on when its terminal is gone.
        self.kill()
        self.tmux("kill-server")

    def kill(self):
        """Ends the program, if one runs, as a crash does: nobody is told."""
        shell = self.tmux("display-message", "-p", "#{pane_pid}").strip()
        for process in filter(str.isdigit, os.listdir("/proc")):
            with contextlib.suppress(OSError), open(f"/proc/{process}/status", encoding="utf-8") as status:
                if f"\nPPid:\t{shell}\n" in status.read():
                    os.kill(int(process), signal.SIGKILL)

    def rows(self):
        """What is seen, without empty rows at the end."""
        rows = [row.rstrip() for row in self.tmux("capture-pane", "-p", "-t", "it").split("\n")]
        while rows and not rows[-1]:
            rows.pop()
        return rows

    def wait(self, condition):
        end = time.monotonic() + PATIENCE
        while True:
            rows = self.rows()
            if condition(rows):
                return rows
            if time.monotonic() > end:
                sys.exit(f"{self.name} does not see what was expected:\n" + "\n".join(rows))
            time.sleep(0.05)

    def see(self, *texts):
        """Waits until each text is seen."""
        return self.wait(lambda rows: all(any(text in row for row in rows) for text in texts))

    def type(self, text):
        self.tmux("send-keys", "-t", "it", "-l", text)

    def key(self, name):
        self.tmux("send-keys", "-t", "it", name)

    def enter(self, text, *expected):
        self.type(text)
        self.key("Enter")
        if expected:
            self.see(*expected)


class Session:
    def __init__(self, folder, programs):
        self.folder, self.programs = folder, programs
        self.windows = []
        self.screens = {}

    def open(self, name):
        window = Window(self.folder, self.programs, name)
        self.windows.append(window)
        return window

    def capture(self, name, window, *expected):
        """Keeps what is seen once the link is well and everything said has arrived."""
        self.screens[name] = window.see(*expected)

    def start_server(self, server):
        server.enter("udp-server 127.0.0.1 -p 8080 --name lab --data history", "Server is listening", "SERVER>")

    def join(self, window, port, name, *more):
        window.enter(" ".join(["udp-client 127.0.0.1 8080", str(port), *more]))
        window.wait(lambda rows: rows[-1].endswith(":"))
        window.enter(name)
        window.wait(lambda rows: rows[-1].lower().count("password") == 1)
        window.enter(PASSWORD)

    def play(self):
        server, ana, bob = self.open("server"), self.open("ana"), self.open("bob")
        self.start_server(server)
        self.join(ana, 5000, "ana")
        ana.see("-- main: 1 here")
        self.join(bob, 5001, "bob")
        bob.see("-- main: 2 here")
        ana.see("bob joined")
        server.see("bob joined")
        self.chat(server, ana, bob)
        self.reconnect(server, ana, bob)
        self.indonesian(server, ana, bob)

    def chat(self, server, ana, bob):
        ana.enter("halo bob, apa kabar?", "ana: halo bob")
        bob.enter("baik! is the server far away?", "bob: baik!")
        ana.see("bob: baik!")
        server.enter("no, it stands under this desk", "SERVER: no, it stands")
        bob.see("SERVER: no, it stands")
        bob.enter(":react -3 \U0001f44d", "bob marked")
        ana.see("bob marked", "SERVER: no, it stands")
        ana.enter(":pm bob lunch at noon?", "ana -> bob: lunch")
        bob.see("ana -> you: lunch")
        bob.enter(":reply gladly", "bob -> ana: gladly")
        ana.see("bob -> you: gladly")
        ana.enter(":group create cooks", "In cooks (1)")
        bob.enter(":group join cooks", "In cooks (2)")
        ana.see("bob joined the group cooks")
        ana.enter(":group send cooks rice or noodles?", "[cooks] ana: rice")
        bob.see("[cooks] ana: rice")
        bob.enter("noodles, ana, and tea", "bob: noodles, ana")
        ana.see("bob: noodles, ana")
        server.see("bob: noodles, ana")
        server.enter(":list", "last heard")
        self.capture("server", server, "SERVER>", "-- main: 2 here")
        bob.type("who brings the tea")
        self.capture("bob", bob, "all have it", " ms", "main> who brings the tea")
        bob.key("C-u")
        ana.enter(":seen -1", "of 1")
        ana.type(":pm bob see you th")
        self.capture("ana", ana, "all have it", " ms", "@bob> :pm bob see you th")
        ana.key("C-u")

    def reconnect(self, server, ana, bob):
        ana.enter("/clear")
        ana.wait(lambda rows: len(rows) == 2)
        server.kill()
        server.wait(lambda rows: any("Killed" in row for row in rows) and rows[-1] == "$")
        ana.see("reconnecting, for")
        ana.enter("where did it go?", "\u2026 where did it go?")
        ana.type("half a li")
        self.capture("away", ana, "reconnecting, for", "1 unsent", "half a li")
        server.enter("clear")
        self.start_server(server)
        bob.see("ana: where did it go?")
        self.capture("back", ana, "ana: where did it go?", "all have it", " ms", "main> half a li")
        ana.key("C-u")

    def indonesian(self, server, ana, bob):
        budi = self.open("budi")
        self.join(budi, 5002, "budi", "--lang id --history 3")
        budi.see("Terkoneksi", "-- main: 3")
        budi.enter("selamat siang, semua", "budi: selamat siang")
        ana.enter("siang, budi!", "ana: siang")
        budi.see("ana: siang, budi!")
        bob.enter("QUIT", "$")
        budi.see("bob keluar!")
        budi.enter(":pm bobby halo", "Pengguna bobby")
        self.capture("indonesian", budi, "ana: siang, budi!", "-- main: 2", " ms", "main>")


def write(path, screens):
    with open(path, encoding="utf-8") as file:
        text = file.read()
    for name, rows in screens.items():
        block = "\n".join(f"    {row}".rstrip() for row in rows)
        pattern = re.compile(rf"(<!-- screen {name} -->\n).*?(<!-- end of screen -->)", re.DOTALL)
        if len(pattern.findall(text)) != 1:
            sys.exit(f"{path} has no place for the screen {name}")
        text = pattern.sub(lambda match: f"{match[1]}\n{block}\n\n{match[2]}", text)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def main(programs, readme):
    with tempfile.TemporaryDirectory(prefix="gaschat-screens-") as folder:
        session = Session(folder, os.path.abspath(programs))
        try:
            session.play()
        finally:
            for window in session.windows:
                window.close()
    write(readme, session.screens)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(64)
    main(*sys.argv[1:])
