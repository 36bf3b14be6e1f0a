"""What is read from Redis's own account of what it was told."""

from bench.latency_stages import Relays

SAID = rb"""+OK
+OK
+100.000100 [0 :5] "SADD" "wake:workspaces" "7" "8"
+100.000110 [0 :5] "SET" "wake:task" "1" "NX" "PX" "500"
+100.000150 [0 :6] "SADD" "wake:workspaces" "7"
+100.000160 [0 :5] "LPUSH" "fechatter" "{\"wake:workspaces\": 1}"
+100.000200 [0 :9] "SPOP" "wake:workspaces" "16"
+100.000300 [0 :9] "PUBLISH" "feed:7" "[\"{\\\"client_id\\\" : \\\"aa-1\\\"}\",\"{\\\"client_id\\\" : \\\"aa-2\\\"}\"]"
+100.000310 [0 :5] "SADD" "wake:workspaces" "7"
+100.000350 [0 :9] "PUBLISH" "feed:8" "[\"{\\\"client_id\\\" : \\\"aa-4\\\"}\"]"
+100.000400 [0 :9] "SPOP" "wake:workspaces" "16"
+100.000500 [0 :9] "PUBLISH" "feed:7" "[\"{\\\"client_id\\\" : \\\"aa-3\\\"}\"]"
+100.000600 [0 :9] "PUBLISH" "feed:9" "[\"{\\\"client_id\\\" : \\\"aa-5\\\"}\"]"
""".replace(b"\n", b"\r\n")


def microseconds(client_id: str) -> list[int]:
    return [at - 100_000_000 for at in Relays(SAID).of(client_id)]


def test_a_message_belongs_to_the_relay_that_published_it_and_to_the_wake_up_before_it() -> None:
    assert microseconds("aa-1") == microseconds("aa-2") == [100, 200, 300]
    assert microseconds("aa-4") == [100, 200, 350]
    assert microseconds("aa-3") == [310, 400, 500]


def test_what_was_named_by_nobody_waited_for_nothing_before_its_relay() -> None:
    assert microseconds("aa-5") == [400, 400, 600]
