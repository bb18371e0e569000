"""The files around a reload: reload_check_config, reload_file, reload_time_file, reload_repeat, config_save_dir."""
import glob
import os
import subprocess
import time
import unittest

from world import ProcessCase, instance


class ReloadFiles(ProcessCase):
    def alone(self, settings):
        """One host with `settings` in global_defs; they may name its directory as DIR."""
        self.a = self.world.host("a", "192.0.2.1/24", "")
        self.settings = settings.replace("DIR", self.a.directory)
        self.a.configure(self.text())
        self.a.start()
        self.world.wait(lambda: self.a.has() and self.a.adverts(), 20, "a is master")

    def text(self, priority=200, more=""):
        return f"global_defs {{\n{self.settings}\n}}\n" + instance(priority) + more

    def content(self, name):
        with open(self.a.path(name), encoding="utf-8") as handle:
            return handle.read()

    def test_a_refused_file_is_told_of_in_the_check_log(self):
        self.alone("    reload_check_config DIR/check.log")
        when = self.a.reload(self.text(more="bananas 3\n"), "Reload refused")
        self.a.wait_log(f"New config failed validation, see {self.a.path('check.log')} for details", 5, when)
        told = self.content("check.log")
        self.assertIn("Unknown keyword 'bananas'", told)
        self.a.reload(self.text(210))
        self.assertEqual(self.content("check.log"), told, "a good file adds nothing")

    def test_the_mark_exists_only_while_files_are_read(self):
        self.alone("    reload_file DIR/reading")
        self.assertFalse(os.path.exists(self.a.path("reading")))
        watch = subprocess.Popen(["strace", "-e", "trace=openat,unlink", "-o", self.a.path("trace"), "-p", str(self.a.pid)],
                                 stderr=subprocess.DEVNULL)
        try:
            self.world.wait(lambda: "TracerPid:\t0" not in self.status(), 5, "strace")
            self.a.reload(self.text(210))
        finally:
            watch.terminate()
            watch.wait(10)
        calls = [line for line in self.content("trace").splitlines() if "reading" in line or "keepalived.conf\"" in line]
        self.assertRegex(calls[0], r'openat\(.*/reading", .*O_CREAT')
        self.assertTrue(any("keepalived.conf" in line for line in calls[1:-1]), calls)
        self.assertRegex(calls[-1], r'unlink\(".*/reading"')

    def test_a_written_time_reloads_once_and_the_file_goes(self):
        self.alone("    reload_time_file DIR/when")
        self.a.configure(self.text(210))
        self.write_time("when", 2)
        self.a.wait_log("Reload scheduled for")
        self.a.wait_log("Reload complete", 10)
        self.world.wait(lambda: not os.path.exists(self.a.path("when")), 5, "the file goes")
        self.world.wait(lambda: self.a.adverts()[-1][1] == 210, 10, "the new priority")

    def test_with_reload_repeat_the_file_stays_and_a_bad_configuration_changes_nothing(self):
        self.alone("    reload_time_file DIR/when\n    reload_repeat")
        self.a.configure(self.text(210, "bananas 3\n"))
        self.write_time("when", 2)
        self.a.wait_log("Reload refused", 10)
        self.assertTrue(os.path.exists(self.a.path("when")))
        time.sleep(1.2)
        self.assertEqual(self.a.adverts()[-1][1], 200)

    def status(self):
        with open(f"/proc/{self.a.pid}/status", encoding="ascii") as handle:
            return handle.read()

    def write_time(self, name, seconds):
        with open(self.a.path(name) + ".new", "w", encoding="ascii") as handle:
            handle.write(time.strftime("%H:%M:%SZ\n", time.gmtime(time.time() + seconds)))
        os.rename(self.a.path(name) + ".new", self.a.path(name))

    def test_what_is_read_and_the_states_around_a_reload_are_saved(self):
        self.alone("    config_save_dir DIR/saved")
        self.a.wait_log("config_save_dir: .*No such file", 5)
        os.mkdir(self.a.path("saved"))
        self.a.reload(self.text(210))
        wanted = {f"keepalived.conf.{self.a.pid}.1", f"keepalived_vrrp.{self.a.pid}.1.pre", f"keepalived_vrrp.{self.a.pid}.1.post"}
        self.world.wait(lambda: wanted <= set(os.listdir(self.a.path("saved"))), 10, f"the files {wanted}")
        self.assertIn("priority 210", self.content(f"saved/keepalived.conf.{self.a.pid}.1"))
        self.assertIn("200", self.content(f"saved/keepalived_vrrp.{self.a.pid}.1.pre"))
        self.assertIn("210", self.content(f"saved/keepalived_vrrp.{self.a.pid}.1.post"))
        self.a.reload(self.text(220, "bananas 3\n"), "Reload refused")
        self.assertIn("bananas", self.content(f"saved/keepalived.conf.{self.a.pid}.2"))
        self.assertEqual(glob.glob(self.a.path("saved/*.2.p*")), [], "a refused file changes nothing")


if __name__ == "__main__":
    unittest.main(verbosity=2)
