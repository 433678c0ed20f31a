"""The security defaults on every page and in production, and hostile input turned away in plain words."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest
from django.conf import settings as real_settings
from django.test import Client

from rostrum.audit.models import Event
from rostrum.people.models import Person
from rostrum.registry.models import AccountRequest
from tests.cast import Cast, drafted, submitted, typed_request
from tests.web.everywhere import World
from tests.web.roles import DESK_ROWS, DOOR_ROWS, SENT
from tests.web.test_roles import everything

POLICY = (
    "default-src 'none'; base-uri 'none'; connect-src 'self'; font-src 'self'; form-action 'self'; "
    "frame-ancestors 'none'; img-src 'self' data:; manifest-src 'self'; object-src 'none'; report-uri /csp-report; "
    "script-src 'self'; style-src 'self'"
)
# The three answers that need a policy of their own: a preview in a frame, the frame that others may show, a picture
# that somebody uploaded.
OWN_POLICY = {
    "units/rendell/website": POLICY.replace("img-src", "frame-src 'self'; img-src"),
    "embed/rendell": POLICY.replace("form-action 'self'", "form-action 'none'")
    .replace("frame-ancestors 'none'", "frame-ancestors *")
    .replace(" data:", "")
    .replace("script-src 'self'", "script-src 'none'"),
}
# Whatever somebody uploaded, wherever it is handed out: it may load nothing and is nobody's page.
UPLOADED, KEPT_FILES = "default-src 'none'; sandbox", ("image/", "application/pdf")
HEADERS = {
    "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}  # fmt: skip
DATA_ONLY = {"application/ld+json", "application/json"}
RIGHT_TO_LEFT = "\u202e"


class Inline(HTMLParser):
    """Collects whatever a strict policy would have to make an exception for."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        had = dict(attrs)
        self.found += [f"<{tag} {name}>" for name in had if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in had and had.get("type") not in DATA_ONLY):
            self.found.append(f"<{tag}>")
        for name in ("href", "src", "action", "formaction"):
            if (had.get(name) or "").strip().lower().startswith(("javascript:", "vbscript:")):
                self.found.append(f"<{tag} {name}=script>")
        if tag in {"script", "link", "img", "iframe", "use"}:
            away = had.get("src") or (had.get("href") if had.get("rel") not in {"canonical", "me"} else "") or ""
            if away.startswith(("http:", "https:", "//")):
                self.found.append(f"<{tag}> from {away}")


def inline_in(page: str) -> list[str]:
    parser = Inline()
    parser.feed(page)
    return parser.found


def policy_of(header: str) -> str:
    """The directives in order of their names, so that the text can be compared."""
    first, *rest = sorted(part.strip() for part in header.split(";") if part.strip() and "default-src" not in part)
    return "; ".join([next(p.strip() for p in header.split(";") if "default-src" in p), first, *rest])


@pytest.fixture
def world(whole_world: World) -> World:
    return whole_world


@pytest.fixture
def cast(whole_world: World) -> Cast:
    return whole_world.cast


@pytest.mark.django_db
class TestEveryAnswer:
    @pytest.mark.parametrize("role", ["nobody", "teacher", "communications", "sysadmin"])
    def test_headers_and_nothing_inline(self, world: World, role: str) -> None:
        client, wrong, seen = world.client(role), [], 0
        client.raise_request_exception = False
        for row in (*DESK_ROWS, *DOOR_ROWS, "nowhere", "staff/nowhere"):
            answer = client.get(world.path(row))
            wrong += [
                f"{row}: {name}: {answer.get(name)}"
                for name, value in HEADERS.items()
                if answer.get(name) != value and not (row == "embed/rendell" and name == "X-Frame-Options")
            ]
            own = OWN_POLICY.get(row, POLICY) if answer.status_code == 200 else POLICY
            if row.startswith("staff/") and answer.status_code == 200 and answer["Content-Type"].startswith(KEPT_FILES):
                own = UPLOADED
            if policy_of(answer.get("Content-Security-Policy", "")) != own:
                wrong.append(f"{row}: policy {answer.get('Content-Security-Policy')}")
            if "camera=()" not in answer.get("Permissions-Policy", ""):
                wrong.append(f"{row}: Permissions-Policy")
            if "Server" in answer or "X-Powered-By" in answer:
                wrong.append(f"{row}: says what it runs on")
            if row.startswith(("staff/", "me/")) and "no-store" not in answer.get("Cache-Control", ""):
                wrong.append(f"{row}: may be kept: {answer.get('Cache-Control')}")
            if not row.startswith(("staff/", "me/")) and answer.cookies:
                wrong.append(f"{row}: sets a cookie {list(answer.cookies)}")
            if answer["Content-Type"].startswith("text/html"):
                seen += 1
                wrong += [f"{row}: {fault}" for fault in inline_in(answer.content.decode())]
        assert wrong == []
        assert seen > 20

    def test_no_cookie_can_be_read_by_scripts_or_sent_from_elsewhere(self, client: Client, cast: Cast) -> None:
        client.get("/me/login/")
        client.force_login(cast.teacher)
        client.post("/language", {"language": "fr-ca", "next": "/"})
        assert set(client.cookies) >= {"sid", "language"}
        for name, cookie in client.cookies.items():
            assert cookie["httponly"] or name == "sessionid", name
            assert cookie["samesite"] == "Lax", name

    @pytest.mark.parametrize("host", ["evil.example", "testserver.evil.example", "127.0.0.1.evil.example", "a b"])
    def test_a_forged_host_is_refused(self, client: Client, cast: Cast, host: str) -> None:
        for path in ("/", "/verify?url=x", "/me/login/", "/me/password/reset/"):
            assert client.get(path, headers={"Host": host}).status_code == 400
        assert (
            client.post("/me/password/reset/", {"email": cast.teacher.email}, headers={"Host": host}).status_code == 400
        )

    def test_a_forwarded_host_is_not_believed(self, client: Client, cast: Cast) -> None:
        page = client.get("/me/login/", headers={"X-Forwarded-Host": "evil.example"})
        assert "evil.example" not in page.content.decode()


TEMPLATES = sorted(Path(real_settings.PACKAGE, "templates").rglob("*.html"))


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda p: str(p.relative_to(real_settings.PACKAGE)))
def test_no_template_holds_anything_inline(template: Path) -> None:
    if template.parent.name == "notices":
        return  # letters: mail programs know no style sheets
    source = template.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+\s*=\s*[\"']|javascript:|\|safe\b|autoescape off", source)
    for tag in re.findall(r"<script[^>]*>", source):
        assert "src=" in tag or any(kind in tag for kind in DATA_ONLY), tag


@pytest.mark.django_db
class TestForms:
    def test_nothing_is_taken_without_the_forms_own_token(self, world: World) -> None:
        clients = {role: world.client(role, strict=True) for role in ("teacher", "communications", "sysadmin")}
        before = everything()
        wrong = []
        for role, client in clients.items():
            for row, data in SENT.items():
                answer = client.post(world.path(row), data)
                if answer.status_code != 403:
                    wrong.append(f"{role} {row}: {answer.status_code}")
            for path in ("/staff/notices/read", "/staff/preferences/", "/staff/requests/new", "/me/logout/",
                         "/me/password/change/", "/me/2fa/totp/activate/"):  # fmt: skip
                if client.post(path, {"x": "y"}).status_code != 403:
                    wrong.append(f"{role} {path}")
        assert wrong == []
        assert everything() == before

    def test_a_token_from_another_site_does_not_count(self, cast: Cast) -> None:
        client = Client(enforce_csrf_checks=True)
        page = client.get("/me/login/").content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        data = {"login": cast.teacher.email, "password": "x", "csrfmiddlewaretoken": token[1]}
        assert client.post("/me/login/", data, headers={"Origin": "https://evil.example"}).status_code == 403
        assert client.post("/me/login/", data, headers={"Origin": "http://testserver"}).status_code == 200

    def test_a_status_is_never_a_form_field(self, client: Client, cast: Cast) -> None:
        draft = drafted(cast)
        client.force_login(cast.teacher)
        before = everything()
        for name in ("state", "approver", "requester", "ref", "is_superuser", "answers"):
            data = {"unit": "rendell-gr4", "purpose": "Changed.", name: "approved", "seen": str(draft.version)}
            answer = client.post(f"/staff/requests/{draft.ref}/form/purpose", data)
            assert answer.status_code == 422, name
            assert "Changed." in answer.content.decode()
        assert everything() == before

    @pytest.mark.parametrize(
        ("path", "data"),
        [
            ("/staff/people/add/", {"email": "x.y@lpsd.ca", "name": "X Y", "kind": "employee", "language": "en-ca"}),
            ("/staff/units/add/", {"kind": "club", "name": "Chess", "code": "chess"}),
            ("/staff/preferences/", {"language": "fr-ca", "mail_rhythm": "digest"}),
        ],
    )
    def test_short_forms_take_no_other_field_either(
        self, client: Client, cast: Cast, path: str, data: dict[str, str]
    ) -> None:
        client.force_login(cast.sysadmin)
        before = everything()
        answer = client.post(path, {**data, "is_superuser": "on", "password": "x"})
        assert answer.status_code == 422
        assert everything() == before

    @pytest.mark.parametrize(
        "hidden", [RIGHT_TO_LEFT, "\x07", "\u2066", "\x00"], ids=["bidi", "bell", "isolate", "nul"]
    )
    def test_hidden_characters_are_refused_and_the_rest_is_kept(self, client: Client, cast: Cast, hidden: str) -> None:
        client.force_login(cast.principal)
        request = submitted(cast)
        before = Event.objects.count()
        answer = client.post(
            f"/staff/requests/{request.ref}/return/",
            {"reason": f"Name the class {hidden} better.", "seen": request.version},
        )
        assert answer.status_code in {400, 422}, answer.status_code
        page = unescape(answer.content.decode())
        assert "Name the class" in page
        assert "better." in page
        request.refresh_from_db()
        assert request.state == "submitted"
        assert Event.objects.count() == before

    def test_markup_is_only_text(self, client: Client, cast: Cast) -> None:
        attack = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7|add:7 }}'
        draft = drafted(cast, name=attack, purpose=attack)
        client.force_login(cast.teacher)
        for path in ("", "form/account", "form/purpose", "form/check"):
            page = client.get(f"/staff/requests/{draft.ref}/{path}").content.decode()
            assert inline_in(page) == [], path
            assert "&lt;script&gt;alert(1)" in page or path == ""
        for path in ("/", "/verify", "/staff/search", "/staff/requests/", "/staff/people/"):
            page = client.get(path, {"q": attack, "url": attack}).content.decode()
            assert inline_in(page) == [], path
            assert "14" not in re.findall(r"alert\(1\)&gt;(\d+)", page)

    @pytest.mark.parametrize("size", [2_000_000, 10_000_000])
    def test_ten_megabytes_are_answered_in_plain_words(self, client: Client, cast: Cast, size: int) -> None:
        client.force_login(cast.teacher)
        before = everything()
        answer = client.post("/staff/requests/new", {"purpose": "x" * size, "unit": "rendell"})
        assert answer.status_code in {400, 413}
        page = answer.content.decode()
        assert page.count("<h1") == 1
        assert "Traceback" not in page
        assert everything() == before

    def test_ten_thousand_fields_are_too_many(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.teacher)
        answer = client.post("/staff/requests/new", {f"f{n}": "x" for n in range(1000)})
        assert answer.status_code == 400

    def test_a_field_too_long_is_refused_beside_it_and_kept(self, client: Client, cast: Cast) -> None:
        draft = drafted(cast)
        client.force_login(cast.teacher)
        answer = client.post(
            f"/staff/requests/{draft.ref}/form/purpose", {"purpose": "y" * 50_000, "seen": draft.version}
        )
        assert answer.status_code == 422
        assert "y" * 50_000 in answer.content.decode()

    def test_sent_twice_is_done_once(self, client: Client, cast: Cast) -> None:
        client.force_login(cast.teacher)
        typed, there = typed_request(cast), AccountRequest.objects.count()
        first_step = {k: typed[k] for k in ("unit", "entity_kind", "existing", "purpose", "audience", "ages")}
        answers = [client.post("/staff/requests/new", {**first_step, "_key": "a-key-of-the-page"}) for _ in range(3)]
        assert {a["Location"] for a in answers} == {answers[0]["Location"]}
        assert AccountRequest.objects.count() == there + 1

        request = submitted(cast)
        client.force_login(cast.principal)
        before = Event.objects.count()
        answers = [
            client.post(
                f"/staff/requests/{request.ref}/endorse/", {"reason": "Good."}, headers={"Idempotency-Key": "k1"}
            )
            for _ in range(2)
        ]
        assert [a.status_code for a in answers] == [302, 302]
        assert Event.objects.filter(act="accountrequest:endorse", subject_id=request.pk).count() == 1
        other = client.post(
            f"/staff/requests/{request.ref}/endorse/", {"reason": "Other."}, headers={"Idempotency-Key": "k1"}
        )
        assert other.status_code == 422
        assert Event.objects.count() == before + 1

    def test_a_key_is_the_persons_own(self, client: Client, cast: Cast) -> None:
        """Somebody else's key neither answers for them nor stops them."""
        one, two = submitted(cast), submitted(cast)
        client.force_login(cast.principal)
        client.post(f"/staff/requests/{one.ref}/endorse/", {"reason": "Good.", "_key": "shared"})
        other = Client()
        other.force_login(cast.communications)
        answer = other.post(f"/staff/requests/{one.ref}/approve/", {"reason": "Good.", "_key": "shared"})
        assert answer.status_code == 302
        assert AccountRequest.objects.get(pk=two.pk).state == "submitted"

    @pytest.mark.parametrize(
        "path", ["/staff/requests/", "/staff/people/", "/staff/log/", "/staff/accounts/", "/", "/staff/mail/"]
    )
    @pytest.mark.parametrize(
        "hostile", ["page=99999999999999999999", "page=-1", "sort=password", "q=%00", "q=" + "x" * 9000, "unit=%27%3B--",
                    "since=notaday&until=9999-99-99", "before=abc", "kind[]=1&platform=%ff%fe"]
    )  # fmt: skip
    def test_hostile_addresses_break_nothing(self, client: Client, cast: Cast, path: str, hostile: str) -> None:
        client.force_login(cast.communications)
        assert client.get(f"{path}?{hostile}").status_code in {200, 302, 400, 404, 422}


SAFE = {
    "ROSTRUM_MODE": "production", "ROSTRUM_SECRET_KEY": "Kd83-kf92_mQ5vZ1x7" * 4, "ROSTRUM_SITE_URL": "https://social.example.ca",
    "ROSTRUM_EMAIL_HOST": "mail.example.ca", "ROSTRUM_EMAIL_FROM": "rostrum@example.ca",
}  # fmt: skip


def run(tmp_path: Path, code: str, **env: str) -> subprocess.CompletedProcess[str]:
    """A process of its own with only these settings."""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("ROSTRUM_", "DJANGO_")) and k != "DATABASE_URL"}
    wanted = {
        **clean,
        **SAFE,
        "ROSTRUM_DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "rostrum.config.settings",
        **env,
    }
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=real_settings.ROOT, check=False,
        env={k: v for k, v in wanted.items() if v != "unset"},
    )  # fmt: skip


class TestProduction:
    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("ROSTRUM_SECRET_KEY", "unset"),
            ("ROSTRUM_SECRET_KEY", "too-short"),
            ("ROSTRUM_SECRET_KEY", "k" * 60),
            ("ROSTRUM_SITE_URL", "http://social.example.ca"),
            ("ROSTRUM_SITE_URL", "unset"),
            ("ROSTRUM_EMAIL_HOST", "unset"),
            ("ROSTRUM_EMAIL_FROM", "unset"),
            ("ROSTRUM_EMAIL_TLS", "none"),
            ("ROSTRUM_SECOND_FACTOR", "offered"),
            ("ROSTRUM_WEB_WORKERS", "many"),
            ("ROSTRUM_BRAND_COLOUR", "red; } body { display: none"),
            ("ROSTRUM_MODE", "prodution"),
        ],
    )
    def test_it_does_not_start_when_unsafe_and_names_the_setting(self, tmp_path: Path, name: str, value: str) -> None:
        done = run(tmp_path, "from django.conf import settings; settings.DEBUG", **{name: value})
        assert done.returncode != 0
        assert name in done.stderr.splitlines()[-1]
        assert "Kd83" not in done.stderr

    def test_safe_settings_pass_djangos_own_check_and_say_what_they_promise(self, tmp_path: Path) -> None:
        code = """
import django; django.setup()
from django.conf import settings as s
from django.core.management import call_command
call_command("check", deploy=True, fail_level="WARNING", verbosity=0)
assert s.SESSION_COOKIE_NAME == "__Host-sid" and s.CSRF_COOKIE_NAME == "__Host-csrf"
assert s.SESSION_COOKIE_SECURE and s.CSRF_COOKIE_SECURE and s.SESSION_COOKIE_HTTPONLY and s.LANGUAGE_COOKIE_SECURE
assert s.SECURE_HSTS_SECONDS >= 31536000 and s.SECURE_SSL_REDIRECT and s.SECOND_FACTOR_REQUIRED
assert s.ALLOWED_HOSTS == ["social.example.ca"] and not s.DEBUG and not s.DEMO and not s.USE_X_FORWARDED_HOST
assert s.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
assert not any("MD5" in h for h in s.PASSWORD_HASHERS)
from django.test import Client
from django.urls import NoReverseMatch, reverse
answer = Client().get("/healthz", headers={"Host": "social.example.ca"}, secure=True)
assert answer["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains", answer.headers
plain = Client().get("/verify", headers={"Host": "social.example.ca"})
assert plain.status_code == 301 and plain["Location"] == "https://social.example.ca/verify", plain
try:
    reverse("demo-sign-in")
except NoReverseMatch:
    print("no demo door")
"""
        done = run(tmp_path, code)
        assert done.returncode == 0, done.stderr[-2000:]
        assert "no demo door" in done.stdout
        assert "no issues" in done.stdout + done.stderr or not done.stderr.strip()


def test_no_password_hash_leaves_the_database(db: None, cast: Cast) -> None:
    """What the log keeps of a person holds neither hash nor address of a session."""
    hashes = set(Person.objects.values_list("password", flat=True))
    kept = " ".join(str(row) for row in everything()["EventPayload"])
    assert hashes
    assert not any(h in kept for h in hashes if h and not h.startswith("!"))
