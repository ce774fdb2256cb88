"""The local server: what it lists, what it shows, and all that it refuses."""

from __future__ import annotations

import json
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from socket import create_connection
from threading import Thread, active_count
from typing import Any
from urllib.parse import quote

import pytest

from simrescue import Results
from simrescue.errors import SimrescueError
from simrescue.report.local import make_server, stored_runs
from simrescue.report.local import server as local


@pytest.fixture(scope="module")
def store(flood: Results, fire: Results, nasty: Results, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("store")
    for results in (flood, fire):
        shutil.copytree(results.path, folder / "runs" / results.path.name)
    shutil.copytree(nasty.path, folder / nasty.path.name)
    (folder / "no-json").mkdir()
    (folder / "no-json" / "manifest.json").write_text("{", encoding="utf-8")
    (folder / "newer").mkdir()
    (folder / "newer" / "manifest.json").write_text(json.dumps({"results_format": 99}), encoding="utf-8")
    (folder / "empty").mkdir()
    (folder / "empty" / "manifest.json").write_text(json.dumps({"results_format": 1}), encoding="utf-8")
    half = folder / "half"
    shutil.copytree(flood.path, half)
    for path in half.glob("events/*"):
        path.write_bytes(b"not a table")
    (half / "things.parquet").unlink()
    outside = tmp_path_factory.mktemp("outside") / "secret"
    shutil.copytree(flood.path, outside)
    (folder / "link").symlink_to(outside)
    return folder


@pytest.fixture(scope="module")
def port(store: Path) -> Iterator[int]:
    with make_server(store, 0) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


def get(port: int, path: str, method: str = "GET", **headers: str) -> tuple[HTTPResponse, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=120)
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer, text


def test_the_list_has_all_runs_and_says_which_are_damaged(store: Path, nasty: Results) -> None:
    found = {run.name: run for run in stored_runs(store)}
    assert set(found) == {"runs/tiny-flood", "runs/tiny-fire", nasty.path.name, "no-json", "newer", "empty", "half"}
    assert {name for name, run in found.items() if run.kind == "damaged"} == {"no-json", "newer", "empty"}
    assert "things.parquet" in found["half"].fault
    assert found["runs/tiny-fire"].hazard == ("forest fire", "森林火灾")
    assert sum(found["runs/tiny-flood"].verdicts) > 0


def test_a_results_folder_itself_is_listed(flood: Results) -> None:
    assert [run.name for run in stored_runs(flood.path)] == [flood.path.name]


def test_pages_answer(port: int) -> None:
    for path, word in (
        ("/", "Stored runs"), ("/?lang=zh", "已存结果"), ("/run/runs%2Ftiny-flood", "hebei-2023-2027"),
        ("/compare?a=runs%2Ftiny-flood&b=runs%2Ftiny-fire", "Person-hours of waiting beyond 10 h"),
        ("/?q=fire", "tiny-fire"), ("/run/runs%2Ftiny-flood", "known from"),
    ):  # fmt: skip
        answer, text = get(port, path)
        assert answer.status == 200, path
        assert word in text
        assert answer.getheader("Content-Security-Policy", "").startswith("default-src 'none'")


def test_the_list_filters(port: int) -> None:
    _, damaged = get(port, "/?only=damaged")
    rows = damaged.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "no-json" in rows
    assert "tiny-fire" not in rows
    _, named = get(port, "/?q=FIRE")
    rows = named.partition("<tbody>")[2].partition("</tbody>")[0]
    assert "tiny-fire" in rows
    assert "tiny-flood" not in rows


def test_replay_and_report_are_built_on_demand(port: int) -> None:
    answer, replay = get(port, "/replay/runs%2Ftiny-flood?which=worst&lang=zh")
    assert answer.status == 200
    assert 'id="details"' in replay
    answer, report = get(port, "/report/runs%2Ftiny-flood?lang=en")
    assert answer.status == 200
    assert "<article" in report or "<main" in report


@pytest.mark.parametrize(
    "path",
    ["/run/..%2F..%2Fetc%2Fpasswd", "/run/../../etc/passwd", "/run/link", "/run/%2Fetc", "/replay/nothing", "/events/x",
     "/run/", "/compare", "/compare?a=runs%2Ftiny-flood&b=link", "/manifest.json", "//evil/x",
     "/run/runs%2Ftiny-flood%00"],
)  # fmt: skip
def test_what_is_not_in_the_list_is_not_found(path: str, port: int) -> None:
    answer, text = get(port, path)
    assert answer.status == 404
    assert "root:" not in text


def test_a_damaged_store_is_told_and_the_server_lives_on(port: int) -> None:
    for path in ("/run/no-json", "/replay/half", "/report/half", "/replay/runs%2Ftiny-flood?which=99",
                 "/replay/runs%2Ftiny-flood?which=best"):  # fmt: skip
        answer, text = get(port, path)
        assert answer.status == 422, path
        assert "Cannot be shown" in text
    assert get(port, "/")[0].status == 200


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "", "127.0.0.1", "127.0.0.1:1"])
def test_other_host_names_are_refused(host: str, port: int) -> None:
    answer, text = get(port, "/", Host=host)
    assert answer.status == 421
    assert "tiny" not in text


def test_what_another_site_sets_off_is_refused(port: int) -> None:
    assert get(port, "/", **{"Sec-Fetch-Site": "cross-site"})[0].status == 403
    assert get(port, "/", **{"Sec-Fetch-Site": "same-origin"})[0].status == 200


def test_only_reading_is_answered(port: int) -> None:
    for method in ("POST", "PUT", "DELETE"):
        assert get(port, "/", method)[0].status == 501
    answer, text = get(port, "/", "HEAD")
    assert (answer.status, text) == (200, "")


def test_names_are_escaped(port: int, nasty: Results) -> None:
    name = quote(nasty.path.name, safe="")
    for path in ("/", f"/run/{name}", f"/compare?a={name}&b=runs%2Ftiny-flood", "/?q=%22%3E%3Cscript%3E"):
        _, text = get(port, path)
        assert "<script" not in text
        assert "<img" not in text
        assert "<b>nasty" not in text
    _, text = get(port, f"/run/{name}")
    assert "&lt;b&gt;nasty" in text


def test_nothing_is_written_into_the_store(port: int, store: Path) -> None:
    before = sorted(store.rglob("*"))
    get(port, "/replay/runs%2Ftiny-fire")
    get(port, "/report/runs%2Ftiny-fire")
    assert sorted(store.rglob("*")) == before


def test_it_listens_on_this_computer_only_and_tells_of_a_taken_port(store: Path) -> None:
    with make_server(store, 0) as server:
        assert server.server_address[0] == "127.0.0.1"
        with pytest.raises(SimrescueError, match="choose another with --port"):
            make_server(store, server.server_port)


def test_a_page_speaks_one_language(port: int) -> None:
    """Nothing but names, commands and the way to the other language is in another one than asked for."""
    compared = "/compare?a=runs%2Ftiny-flood&b=runs%2Ftiny-fire"
    for path in ("/?q=runs%2Ftiny", compared, "/run/runs%2Ftiny-flood", "/run/none"):
        _, english = get(port, f"{path}{'&' if '?' in path else '?'}lang=en")
        assert set(re.findall(r"[\u4e00-\u9fff]+", english)) == {"中文"}
        _, chinese = get(port, f"{path}{'&' if '?' in path else '?'}lang=zh")
        names = r'<bdi.*?</bdi>|<select name="[ab]">.*?</select>'
        shown = re.sub(rf"<style>.*?</style>|{names}|<[^>]*>", " ", chinese, flags=re.DOTALL)
        words = set(re.findall(r"(?<![\w/.-])[a-z]{3,}(?![\w/.-])", shown)) - {"simrescue"}
        assert words == set(), path


@pytest.mark.browser
def test_the_list_leads_to_a_run_and_its_replay(port: int, open_page: Any) -> None:
    watched = open_page(f"http://127.0.0.1:{port}/")
    sheet = watched.sheet
    sheet.click("text=runs/tiny-flood")
    sheet.click("text=worst course")
    sheet.wait_for_selector("body[data-ready]")
    assert watched.complaints == []
    assert all(url.startswith((f"http://127.0.0.1:{port}/", "data:", "blob:")) for url in watched.asked)


def test_the_command_serves_until_it_is_stopped(store: Path) -> None:
    command = [sys.executable, "-m", "simrescue", "serve", str(store), "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serving:
        assert serving.stdout is not None
        address = serving.stdout.readline()
        found = re.match(r"http://127\.0\.0\.1:(\d+)/", address)
        assert found, address
        answer, text = get(int(found[1]), "/")
        serving.send_signal(signal.SIGINT)
        serving.wait(600)
    assert answer.status == 200
    assert "tiny-flood" in text
    assert serving.returncode == 0


# ---- bounded


def test_too_many_fields_are_a_bad_request(port: int) -> None:
    answer, text = get(port, "/?" + "&".join(f"f{i}=1" for i in range(50)))
    assert answer.status == 400
    assert "too many fields" in text
    assert get(port, "/")[0].status == 200


def test_a_store_with_other_columns_is_told(flood: Results, tmp_path: Path) -> None:
    """Written before checksums, so that nothing but its columns tells."""
    folder = tmp_path / "old"
    shutil.copytree(flood.path, folder)
    old = {name: value for name, value in flood.manifest.items() if name not in ("files", "seal")}
    (folder / "manifest.json").write_text(json.dumps(old | {"results_format": 1}), encoding="utf-8")
    (folder / "verdicts.csv").write_text("plan,clause,what\na,b,c\n", encoding="utf-8")
    with make_server(folder, 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            assert get(server.server_port, "/")[0].status == 200
            for path in (f"/run/{folder.name}", f"/report/{folder.name}", f"/compare?a={folder.name}&b={folder.name}"):
                assert get(server.server_port, path)[0].status == 422
        finally:
            server.shutdown()
            thread.join()


def test_silent_connections_hold_no_threads_and_are_put_out(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "SILENCE_S", 0.5)
    monkeypatch.setattr(local, "CONNECTIONS", 20)
    with make_server(store, 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        before = active_count()
        silent = [create_connection(("127.0.0.1", server.server_port), 120) for _ in range(60)]
        try:
            assert get(server.server_port, "/")[0].status == 200
            assert active_count() - before <= local.THREADS
            for one in silent:
                assert one.recv(1) == b""  # put out
            assert not server._silent
        finally:
            for one in silent:
                one.close()
            server.shutdown()
            thread.join()


def test_half_a_request_ends(store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local._Handler, "timeout", 0.2)
    with make_server(store, 0) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        slow = [create_connection(("127.0.0.1", server.server_port), 120) for _ in range(local.THREADS + 2)]
        try:
            for one in slow:
                one.sendall(b"GET / HT")
            assert get(server.server_port, "/")[0].status == 200
            assert all(one.recv(1) == b"" for one in slow)
        finally:
            for one in slow:
                one.close()
            server.shutdown()
            thread.join()
