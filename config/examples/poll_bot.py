#!/usr/bin/env python3
"""A bot in Python's standard library: dice, reminders and polls for a room.

    ./poll_bot.py udp-client 192.0.2.7 8080 auto --name poll --password-file room.txt

    !roll 2d6                           throws dice
    !remind 10m the tea                 says so later: s, m or h
    !poll Lunch? | rice | noodles       begins a poll, which ends the former
    !vote 2                             votes; who votes again changes the vote
    !result                             counts

It is the client with --json between two pipes. It never acts on lines from before it came (history), and never lets
others' words become commands: each line that it says begins with a name, and names begin with neither : nor /.
"""

import heapq
import json
import os
import random
import re
import selectors
import signal
import subprocess
import sys
import time

MOST_REMINDERS = 100
MOST_OPTIONS = 10
MOST_VOTES = 10_000
LONGEST_REMINDER = 24 * 3600
LONGEST_ANSWER = 400


def plain(text):
    """One line, whatever was in the text."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)[:LONGEST_ANSWER]


class Bot:
    def __init__(self):
        self.reminders = []
        self.question = ""
        self.options = []
        self.votes = {}

    def hear(self, event, now):
        """Gives the answer to an event, or None."""
        if event.get("event") != "message" or event.get("history") or not event.get("text", "").startswith("!"):
            return None
        word, _, rest = event["text"].partition(" ")
        command = {"!roll": self.roll, "!remind": self.remind, "!poll": self.poll, "!vote": self.vote,
                   "!result": self.result}.get(word)
        return command and f"{event['from']}: {plain(command(event['from'], rest.strip(), now))}"

    def roll(self, _, text, __):
        dice = re.fullmatch(r"(\d{1,2})d(\d{1,3})", text or "1d6", re.ASCII)
        if not dice or not 1 <= int(dice[1]) <= 20 or int(dice[2]) < 1:
            return "say how many dice with how many sides, as in !roll 2d6"
        thrown = [random.randint(1, int(dice[2])) for _ in range(int(dice[1]))]
        return f"{' + '.join(map(str, thrown))} = {sum(thrown)}" if len(thrown) > 1 else str(thrown[0])

    def remind(self, name, text, now):
        parts = re.fullmatch(r"(\d{1,5})([smh])\s+(.+)", text, re.ASCII | re.DOTALL)
        seconds = int(parts[1]) * {"s": 1, "m": 60, "h": 3600}[parts[2]] if parts else 0
        if not parts or seconds > LONGEST_REMINDER:
            return "say when and what, at most 24h, as in !remind 10m the tea"
        if len(self.reminders) >= MOST_REMINDERS:
            return "there are too many reminders already"
        heapq.heappush(self.reminders, (now + seconds, f"{name}: reminder: {plain(parts[3])}"))
        return f"in {parts[1]} {parts[2]}"

    def poll(self, _, text, __):
        question, *options = [part.strip() for part in text.split("|")]
        if not question or not 2 <= len(options) <= MOST_OPTIONS or not all(options):
            return f"ask and give 2 to {MOST_OPTIONS} answers, as in !poll Lunch? | rice | noodles"
        self.question, self.options, self.votes = question[:100], [option[:50] for option in options], {}
        numbered = ", ".join(f"{number} {option}" for number, option in enumerate(self.options, 1))
        return f"{self.question} {numbered} (!vote <number>)"

    def vote(self, name, text, _):
        if not self.options:
            return "there is no poll"
        if not re.fullmatch(r"\d{1,2}", text, re.ASCII) or not 1 <= int(text) <= len(self.options):
            return f"vote with a number of 1 to {len(self.options)}"
        if name not in self.votes and len(self.votes) >= MOST_VOTES:
            return "there are too many votes already"
        self.votes[name] = int(text)
        return f"a vote for {self.options[int(text) - 1]}"

    def result(self, _, __, ___):
        if not self.options:
            return "there is no poll"
        votes = list(self.votes.values())
        return f"{self.question} " + ", ".join(
            f"{option} {votes.count(number)}" for number, option in enumerate(self.options, 1))

    def due(self, now):
        while self.reminders and self.reminders[0][0] <= now:
            yield heapq.heappop(self.reminders)[1]


def run(command):
    client = subprocess.Popen(command + ["--json"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: client.terminate())

    def say(line):
        try:
            client.stdin.write((line + "\n").encode())
            client.stdin.flush()
        except BrokenPipeError:
            pass

    bot = Bot()
    pending = b""
    with selectors.DefaultSelector() as selector:
        selector.register(client.stdout, selectors.EVENT_READ)
        while True:
            now = time.monotonic()
            for line in bot.due(now):
                say(line)
            wait = max(0, bot.reminders[0][0] - now) if bot.reminders else None
            if not selector.select(wait):
                continue
            chunk = os.read(client.stdout.fileno(), 65536)
            if not chunk:
                return client.wait()
            *lines, pending = (pending + chunk).split(b"\n")
            for line in lines:
                answer = bot.hear(json.loads(line), time.monotonic())
                if answer:
                    say(answer)


if __name__ == "__main__":
    if len(sys.argv) < 2:
        print(__doc__.strip(), file=sys.stderr)
        sys.exit(64)
    sys.exit(run(sys.argv[1:]))
