"""One's own tokens for programs: made, told once, withdrawn."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from jingtu.entrance import sessions, tokens
from jingtu.faces.console.entry_forms import TokenForm
from jingtu.faces.console.gate import post_required, today_only
from jingtu.faces.console.page import page
from jingtu.land.models import Token, TokenScope
from jingtu.registers.declare import get_register
from jingtu.registers.ledger import DeedRefused
from jingtu.registers.reach import Reach


@sensitive_post_parameters("password", "code")
@post_required
@today_only
def own_tokens(request: HttpRequest) -> HttpResponse:
    """The tokens of the account; a new one is shown on this page once and nowhere again."""
    reach: Reach = request.reach  # type: ignore[attr-defined]
    address = sessions.address_of(request)
    form = TokenForm(reach, request.user, address, request.POST or None)
    made = _make(form, reach, address) if request.method == "POST" and form.is_valid() else None
    context = {
        "heading": _("接口令牌"),
        "form": TokenForm(reach, request.user, address) if made else form,
        "made": made,
        "rows": [_row(each) for each in tokens.of(request.user.pk)],  # type: ignore[arg-type]
        "post": reach,
    }
    return page(request, "console/tokens.html", context, 422 if form.errors else 200)


@require_POST
@post_required
@today_only
def end(request: HttpRequest, pk: int) -> HttpResponse:
    """Withdraw a token at once."""
    if not tokens.withdraw(pk, by=request.reach, address=sessions.address_of(request)):  # type: ignore[attr-defined]
        raise Http404
    messages.success(request, _("令牌已作废，用它的程序从现在起不再得到回答。"))
    return redirect("tokens")


def _make(form: TokenForm, reach: Reach, address: str) -> tokens.Made | None:
    said = form.cleaned_data
    try:
        scope = TokenScope(said["scope"])
        return tokens.make(said["name"], scope, said["registers"], said["days"], by=reach, address=address)
    except DeedRefused as refusal:
        form.add_error(None, str(refusal))
        return None


def _row(token: Token) -> dict[str, object]:
    return {"token": token, "is_alive": tokens.is_alive(token), "registers": [_title(name) for name in token.registers]}


def _title(name: str) -> str:
    try:
        return str(get_register(name).title)
    except KeyError:  # a register that a later version no longer has
        return name
