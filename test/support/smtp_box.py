"""A real mail server (python3-aiosmtpd) for tests: `smtp_box.py ADDRESS PORT FILE [--refuse ADDRESS]…` appends each mail that it
takes to FILE, a JSON object a line, and says "ready" when it listens. Mailbox runs it and reads that file.

Also servers that are none: a Hanging one says nothing, a Trickling one says an octet now and then."""
import asyncio
import email
import json
import os
import socket
import subprocess
import sys
import threading
import time


class Box:
    """aiosmtpd's handler."""

    def __init__(self, path, refused):
        self.path, self.refused = path, refused

    async def handle_RCPT(self, _server, _session, envelope, address, _options):
        if address in self.refused:
            return "550 nobody of that name"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server, session, envelope):
        mail = {"helo": session.host_name, "extended": session.extended_smtp, "from": envelope.mail_from,
                "to": envelope.rcpt_tos, "text": envelope.content.decode("utf-8", "replace")}
        with open(self.path, "a", encoding="utf-8") as handle:
            handle.write(json.dumps(mail) + "\n")
        return "250 taken"


def serve(address, port, path, refused):
    from aiosmtpd.smtp import SMTP
    loop = asyncio.new_event_loop()
    asyncio.set_event_loop(loop)
    loop.run_until_complete(loop.create_server(lambda: SMTP(Box(path, refused), hostname="box.test"), address, port,
                                               reuse_address=True))
    print("ready", flush=True)
    loop.run_forever()


class Mailbox:
    """`start` runs a command line (a host's start, or subprocess.Popen); `path` is the file as the server sees it, `seen` as we do."""

    def __init__(self, address, port, path, start=subprocess.Popen, seen=None, refused=()):
        self.address, self.port, self.path, self.seen = address, port, path, seen or path
        words = [word for address_refused in refused for word in ("--refuse", address_refused)]
        command = ["/usr/bin/python3", os.path.abspath(__file__), address, str(port), path, *words]
        self._start = lambda: start(*([command] if start is subprocess.Popen else command), stdout=subprocess.PIPE, text=True)
        self.process = None

    def open(self):
        self.process = self._start()
        line = self.process.stdout.readline()
        if line != "ready\n":
            raise AssertionError(f"the mail server did not start (python3-aiosmtpd is in etc/packages): {line}")
        return self

    def close(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            self.process.stdout.close()
            self.process = None

    def mails(self):
        """What has come: dicts with helo, from, to and text; `subject`, `body` and `headers` are taken out of the text."""
        try:
            with open(self.seen, encoding="utf-8") as handle:
                mails = [json.loads(line) for line in handle if line.endswith("\n")]
        except FileNotFoundError:
            return []
        for mail in mails:
            message = email.message_from_string(mail["text"])
            mail.update(subject=message["Subject"], headers=list(message.keys()), message=message,
                        body=message.get_payload().strip())
        return mails

    def subjects(self):
        return [mail["subject"] for mail in self.mails()]


class Nuisance:
    """Accepts connections and treats each with `treat` (in a thread of its own) until it is closed."""

    def __init__(self, address="127.0.0.1", port=0, listener=None):
        self.listener = listener or socket.create_server((address, port))
        self.port = self.listener.getsockname()[1]
        self.connections = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self._treat_one, args=(connection,), daemon=True).start()

    def _treat_one(self, connection):
        try:
            self.treat(connection)
        except OSError:
            pass

    def treat(self, connection):
        """Nothing: it hangs."""

    def close(self):
        self.listener.close()
        for connection in self.connections:
            connection.close()


class Trickling(Nuisance):
    def treat(self, connection):
        for octet in b"220 " + b"x" * 1000:
            connection.sendall(bytes([octet]))
            time.sleep(0.1)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), sys.argv[3], [sys.argv[at + 1] for at, word in enumerate(sys.argv) if word == "--refuse"])
