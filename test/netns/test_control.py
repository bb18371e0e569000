"""What keepalivedctl says of a running daemon, what it says when there is none, and that a Latin-1 name harms nobody."""
import json
import os
import signal
import subprocess
import unittest

from case import FAST, LabCase, instance

CTL = os.environ.get("HOLDFAST_KEEPALIVEDCTL", "keepalivedctl")
RUN_DIRECTORY = "/run/ka/core.pid.d"


class Control(LabCase):
    def ask(self, host, *words):
        return subprocess.run(host.inside(CTL, "--run-dir", RUN_DIRECTORY, *words), capture_output=True, text=True, timeout=20)

    def status(self, host):
        answer = self.ask(host, "status", "--json")
        self.assertEqual(answer.returncode, 0, answer.stderr)
        return json.loads(answer.stdout)

    def test_status_tells_state_vips_processes_and_the_last_death(self):
        a, = self.hosts("a")
        daemon = self.launch(a, instance(100, **FAST))
        self.lab.wait_owner("172.18.8.231", a, 10)
        status = self.lab.wait(lambda: (lambda s: s["instances"][0]["state"] == "MASTER" and s)(self.status(a)), 5, "MASTER in status")
        self.assertEqual(status["instances"][0]["name"], "VI_1")
        self.assertTrue(all(vip["in_kernel"] for vip in status["instances"][0]["vips"]))
        before = daemon.wait_vrrp()
        os.kill(before, signal.SIGKILL)
        daemon.wait_vrrp(other_than=before)
        process = self.lab.wait(lambda: next((p for p in self.status(a)["processes"] if p["role"] == "vrrp" and p.get("restarts")), None), 5,
                                "a restart in status")
        self.assertEqual(process["restarts"], 1)
        self.assertIn("signal 9", process["last_death"])
        self.assertIn("MASTER", self.ask(a, "status").stdout)

    def test_watch_tells_each_event_as_it_happens(self):
        a, = self.hosts("a")
        daemon = self.launch(a, instance(100, **FAST))
        self.lab.wait_owner("172.18.8.231", a, 10)
        watch = subprocess.Popen(a.inside(CTL, "--run-dir", RUN_DIRECTORY, "watch"), stdout=subprocess.PIPE, text=True)
        try:
            self.lab.wait(lambda: "MASTER" in self.ask(a, "status").stdout, 5, "status while a watch is open")
            os.kill(daemon.wait_vrrp(), signal.SIGKILL)
            self.assertIn("vrrp", watch.stdout.readline())
        finally:
            watch.terminate()
            watch.wait(5)
            watch.stdout.close()

    def test_no_daemon_is_said_and_is_exit_code_1(self):
        a, = self.hosts("a")
        answer = self.ask(a, "status")
        self.assertEqual(answer.returncode, 1)
        self.assertIn("control.sock", answer.stderr)

    def test_a_latin_1_name_reaches_the_child_and_comes_back_as_utf_8(self):
        a, = self.hosts("a")
        a.write("/etc/keepalived/keepalived.conf", "")
        path = f"{a.root}/etc/keepalived/keepalived.conf"
        with open(path, "wb") as handle:
            handle.write(instance(100, name="caf\u00e9", **FAST).encode("latin-1"))
        self.launch(a, None)
        self.lab.wait_owner("172.18.8.231", a, 10)
        self.assertEqual(self.status(a)["instances"][0]["name"], "caf\ufffd")


if __name__ == "__main__":
    unittest.main(verbosity=2)
