"""Small exports in the public OneRoster 1.1 and 1.2 CSV layouts, with invented people."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from tests.intake.files import packed

STAMP = "2026-09-01T08:00:00.000Z"
HEADERS = {
    "orgs": "sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
    "users11": "sourcedId,status,dateLastModified,enabledUser,orgSourcedIds,role,username,userIds,givenName,familyName,"
    "middleName,identifier,email,sms,phone,agentSourcedIds,grades,password",
    "users12": "sourcedId,status,dateLastModified,enabledUser,username,userIds,givenName,familyName,middleName,identifier,"
    "email,sms,phone,agentSourcedIds,grades,password,userMasterIdentifier,resourceSourcedIds,preferredGivenName,"
    "preferredMiddleName,preferredFamilyName,primaryOrgSourcedId,pronouns",
    "roles": "sourcedId,userSourcedId,status,dateLastModified,roleType,role,beginDate,endDate,orgSourcedId,"
    "userProfileSourcedId",
    "classes": "sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,location,"
    "schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
    "enrollments": "sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,role,primary,beginDate,"
    "endDate",
    "academicSessions": "sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,schoolYear",
    "manifest": "propertyName,value",
}

ORGS = [
    {"sourcedId": "d1", "name": "Lloydminster Public School Division", "type": "district", "identifier": "0208"},
    {
        "sourcedId": "s1",
        "name": "Rendell Park School",
        "type": "school",
        "identifier": "rendell",
        "parentSourcedId": "d1",
    },
    {"sourcedId": "s2", "name": "École du Soleil", "type": "school", "identifier": "5102", "parentSourcedId": "d1"},
    {"sourcedId": "dep", "name": "Learning Services", "type": "department", "parentSourcedId": "d1"},
    {"sourcedId": "sk", "name": "Saskatchewan", "type": "state"},
]
PEOPLE = [
    ("u1", "Ana", "Petrova", "a.petrova@lpsd.ca", "principal", "s1"),
    ("u2", "Rémy", "Gagné", "r.gagne@lpsd.ca", "principal", "s2"),
    ("u3", "Sofia", "Nguyen", "s.nguyen@lpsd.ca", "teacher", "s1"),
    ("u4", "Jo", "Aide", "j.aide@lpsd.ca", "aide", "s2"),
    ("u5", "Secretkid", "Smithson", "secretkid@students.lpsd.ca", "student", "s1"),
    ("u6", "Hiddenmum", "Smithson", "mum@example.org", "guardian", "s1"),
]


def table(header: str, rows: Iterable[dict[str, str]]) -> str:
    """A CSV in one of the layouts; columns not given are empty."""
    names = HEADERS[header].split(",")
    out = io.StringIO()
    writer = csv.DictWriter(out, names, restval="", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(
        {"status": "active", "dateLastModified": STAMP, **row} if "status" in names else row for row in rows
    )
    return out.getvalue()


def manifest(version: str, names: Iterable[str], mode: str = "bulk") -> str:
    """The manifest of an export that holds these files."""
    rows = [("manifest.version", "1.0"), ("oneroster.version", version)]
    known = ("academicSessions", "classes", "demographics", "enrollments", "orgs", "roles", "users")
    rows += [(f"file.{name}", mode if name in set(names) else "absent") for name in known]
    return table("manifest", [{"propertyName": name, "value": value} for name, value in rows])


def v11(people: list[tuple[str, ...]] | None = None, orgs: list[dict[str, str]] | None = None,
        mode: str = "bulk", **extra: str) -> dict[str, str]:  # fmt: skip
    """An export of version 1.1."""
    rows = [
        {"sourcedId": key, "enabledUser": "true", "orgSourcedIds": org, "role": {"principal": "administrator"}.get(role, role),
         "username": email, "givenName": first, "familyName": last, "email": email,
         "status": (more or ("active",))[0]}
        for key, first, last, email, role, org, *more in (PEOPLE if people is None else people)
    ]  # fmt: skip
    files = {"orgs.csv": table("orgs", ORGS if orgs is None else orgs), "users.csv": table("users11", rows), **extra}
    return {"manifest.csv": manifest("1.1", [name[:-4] for name in files], mode), **files}


def v12(people: list[tuple[str, ...]] | None = None, **extra: str) -> dict[str, str]:
    """An export of version 1.2, where roles stand in a file of their own."""
    chosen = PEOPLE if people is None else people
    users = [
        {"sourcedId": key, "enabledUser": "true", "username": email, "givenName": first, "familyName": last, "email": email,
         "primaryOrgSourcedId": org}
        for key, first, last, email, _role, org, *_more in chosen
    ]  # fmt: skip
    roles = [
        {"sourcedId": f"r-{key}", "userSourcedId": key, "roleType": "primary", "role": role, "orgSourcedId": org,
         "beginDate": "2026-08-31"}
        for key, _first, _last, _email, role, org, *_more in chosen
    ]  # fmt: skip
    classes = [
        {"sourcedId": "c1", "title": "Grade 4", "classType": "homeroom", "schoolSourcedId": "s1", "termSourcedIds": "t1"},
        {"sourcedId": "c2", "title": "Grade 9 (old)", "classType": "homeroom", "schoolSourcedId": "s1",
         "termSourcedIds": "t0"},
        {"sourcedId": "c3", "title": "Band", "classType": "scheduled", "schoolSourcedId": "s1"},
        {"sourcedId": "c4", "title": "Lost", "classType": "homeroom", "schoolSourcedId": "nowhere"},
    ]  # fmt: skip
    sessions = [
        {"sourcedId": "t1", "title": "2026-27", "type": "schoolYear", "startDate": "2026-09-01", "endDate": "2099-06-30"},
        {"sourcedId": "t0", "title": "2019-20", "type": "schoolYear", "startDate": "2019-09-01", "endDate": "2020-06-30"},
    ]  # fmt: skip
    enrollments = [
        {"sourcedId": "e1", "classSourcedId": "c1", "schoolSourcedId": "s1", "userSourcedId": "u3", "role": "teacher"},
        {"sourcedId": "e2", "classSourcedId": "c1", "schoolSourcedId": "s1", "userSourcedId": "u5", "role": "student"},
    ]
    files = {
        "orgs.csv": table("orgs", ORGS), "users.csv": table("users12", users), "roles.csv": table("roles", roles),
        "classes.csv": table("classes", classes), "academicSessions.csv": table("academicSessions", sessions),
        "enrollments.csv": table("enrollments", enrollments), **extra,
    }  # fmt: skip
    return {"manifest.csv": manifest("1.2", [name[:-4] for name in files]), **files}


def in_folder(files: dict[str, str], place: Path) -> Path:
    """The export as a folder."""
    place.mkdir(exist_ok=True)
    for name, content in files.items():
        (place / name).write_text(content, encoding="utf-8", newline="")
    return place


def in_zip(files: dict[str, str], place: Path | None = None, within: str = "") -> io.BytesIO:
    """The export as a zip."""
    made = packed({within + name: content for name, content in files.items()})
    if place is not None:
        place.write_bytes(made.getvalue())
    return made
