"""What machines ask."""

from __future__ import annotations

import httpx
import pytest

from tests.web.standin import Site, running_site, with_metrics


async def test_it_says_that_it_lives(client: httpx.AsyncClient) -> None:
    assert (await client.get("/healthz")).json() == {"alive": True}


async def test_ready_says_which_channels_are_missing(client: httpx.AsyncClient, site: Site) -> None:
    answer = await client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"storage": True, "channels": {"telegram": False}}
    site.health["telegram"] = True
    assert (await client.get("/readyz")).json()["channels"] == {"telegram": True}


async def test_it_is_not_ready_while_nothing_can_be_written(
    client: httpx.AsyncClient, site: Site
) -> None:
    site.health["storage"] = False
    answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["storage"]) == (503, False)


@pytest.mark.parametrize("given", ["", "Bearer", "Bearer wrong", "Basic secret", "secret", "é"])
async def test_metrics_are_for_who_knows_the_token(given: str) -> None:
    async with (
        running_site(with_metrics("secret")) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        headers = {b"Authorization": given.encode("latin-1")}
        assert (await http.get("/metrics", headers=headers)).status_code == 401


async def test_metrics_show_the_counters() -> None:
    async with (
        running_site(with_metrics("secret")) as site,
        httpx.AsyncClient(base_url=site.url, timeout=30) as http,
    ):
        answer = await http.get("/metrics", headers={"Authorization": "Bearer secret"})
        assert "pages_listening 0.0" in answer.text
