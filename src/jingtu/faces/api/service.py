"""The API put together: routes, sign-in, problems, and its description."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.responses import NinjaJSONEncoder

from jingtu.faces.api import dossier_routes, layer_routes, ledger_routes, plan_routes, problems, register_routes
from jingtu.faces.api.asking import PostSession, PostToken, bearer_of


def for_posts(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """The description, too, is only for those who hold a post."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        bearer = bearer_of(request)
        if bearer is None and not request.user.is_authenticated:
            return problems.answer(request, problems.stranger())
        if request.reach is None:  # type: ignore[attr-defined]
            why = problems.refused_token(bearer.refusal) if bearer else problems.without_post()
            return problems.answer(request, why)
        return view(request, *args, **kwargs)

    return guarded


class DescribedAPI(NinjaAPI):
    """An API whose description tells every refusal, too."""

    def get_openapi_schema(self, **options: Any) -> Any:
        """The description of Ninja, with the problems that each operation may answer."""
        schema = super().get_openapi_schema(**options)
        problems.describe(schema)
        return schema


api = DescribedAPI(
    title="Jingtu API",
    version="1",
    description=(
        "Registers, map layers, duties, dossiers and ledger heads, within the reach of the post that is signed in, or "
        "of the post for which a token was made (read, or read and submit; all registers or some). "
        "Too many requests are answered with 429 and Retry-After. "
        "Every refusal is an application/problem+json of RFC 9457 whose title and detail are Chinese sentences."
    ),
    docs_url=None,
    openapi_url="/openapi.json",
    docs_decorator=for_posts,
    auth=[PostToken(), PostSession()],
    urls_namespace="api",
)
problems.install(api)
for routes in (register_routes, layer_routes, plan_routes, dossier_routes, ledger_routes):
    api.add_router("", routes.router)


def description() -> str:
    """The OpenAPI description as text: the same declarations give the same bytes."""
    schema = api.get_openapi_schema(path_prefix="/api/v1/")
    return json.dumps(schema, cls=NinjaJSONEncoder, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
