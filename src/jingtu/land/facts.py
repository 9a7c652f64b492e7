"""Questions about regions, organisations and posts."""

from __future__ import annotations

from datetime import date

from django.db.models import Case, IntegerField, Q, QuerySet, When

from jingtu.land.models import Account, Delegation, Level, Organisation, Post, Region


def cities() -> QuerySet[Region]:
    """The cities of the province, by code."""
    return Region.objects.filter(level=Level.CITY).defer("geom", "label_point")


def counties(city_code: str) -> QuerySet[Region]:
    """The counties of a city, by code."""
    return Region.objects.filter(level=Level.COUNTY, parent_id=city_code).defer("geom", "label_point")


def region(code: str) -> Region | None:
    """A region by its code, without its boundary."""
    return Region.objects.defer("geom", "label_point").filter(code=code).first()


def regions_within(prefix: str) -> QuerySet[Region]:
    """Every region whose code starts with the prefix."""
    return Region.objects.filter(code__startswith=prefix).defer("geom", "label_point")


def holding(on: date) -> Q:
    """The condition that a post is held on a day."""
    return Q(from_on__lte=on) & (Q(to_on__isnull=True) | Q(to_on__gte=on))


def posts_of(account: Account, on: date) -> QuerySet[Post]:
    """The posts that an account holds itself on a day."""
    return account.posts.filter(holding(on)).select_related("region", "organisation")


def posts_acted_from(account_id: int, on: date) -> QuerySet[Post]:
    """The posts from which an account acts on a day: its own first, then those whose holder is away."""
    delegated = Delegation.objects.filter(delegate_id=account_id, from_on__lte=on, to_on__gte=on)
    rows = Post.objects.filter(holding(on)).filter(Q(account_id=account_id) | Q(pk__in=delegated.values("post_id")))
    own_first = Case(When(account_id=account_id, then=0), default=1, output_field=IntegerField())
    return rows.select_related("region", "organisation", "account").order_by(own_first, *Post._meta.ordering)


def accounts_behind(post_id: int | None) -> set[int]:
    """The accounts whose unfinished work falls to a post: its holder and those who held it before."""
    found: set[int] = set()
    seen: set[int] = set()
    while post_id is not None and post_id not in seen:
        seen.add(post_id)
        post = Post.objects.filter(pk=post_id).values("account_id", "predecessor_id").first()
        if post is None:
            break
        found.add(post["account_id"])
        post_id = post["predecessor_id"]
    return found


def accounts_within(prefix: str) -> QuerySet[Account]:
    """The accounts of the staff of a region and below."""
    return Account.objects.filter(organisation__region__code__startswith=prefix).select_related("organisation__region")


def account_within(prefix: str, pk: int) -> Account | None:
    """One account of a region and below."""
    return accounts_within(prefix).filter(pk=pk).first()


def organisations_within(prefix: str) -> QuerySet[Organisation]:
    """The organisations of a region and below."""
    return Organisation.objects.filter(region__code__startswith=prefix).select_related("region")


def all_posts_of(account: Account) -> QuerySet[Post]:
    """Every post that an account holds, held or will hold, the newest first."""
    return account.posts.select_related("region", "organisation", "account").order_by("-from_on", "-id")


def post_within(prefix: str, pk: int) -> Post | None:
    """One post of a region and below."""
    rows = Post.objects.filter(region__code__startswith=prefix)
    return rows.select_related("region", "organisation", "account").filter(pk=pk).first()


def colleagues_of(post: Post) -> QuerySet[Account]:
    """Who else works in the organisation of a post."""
    rows = Account.objects.filter(organisation_id=post.organisation_id, is_active=True)
    return rows.exclude(pk=post.account_id).order_by("display_name")


def delegations_of(account: Account, on: date) -> QuerySet[Delegation]:
    """The delegations from an account's posts that hold now or later."""
    rows = Delegation.objects.filter(post__account=account, to_on__gte=on)
    return rows.select_related("post__region", "delegate")


def delegation(pk: int) -> Delegation | None:
    """One delegation."""
    return Delegation.objects.filter(pk=pk).select_related("post__region", "post__account", "delegate").first()


def is_demonstration(organisation_id: int | None) -> bool:
    """Whether an organisation is invented for the demonstration."""
    return Organisation.objects.filter(pk=organisation_id, is_demonstration=True).exists()


def organisation_named(name: str) -> Organisation | None:
    """An organisation by its full name."""
    return Organisation.objects.filter(name=name).first()


def account(pk: int | None) -> Account | None:
    """An account by its key."""
    return Account.objects.filter(pk=pk).first() if pk is not None else None


def account_named(username: str) -> Account | None:
    """An account by the name that is typed."""
    return Account.objects.filter(username=username).first()


def role_was_ever_held(role: str) -> bool:
    """Whether anybody ever held a post of a role."""
    return Post.objects.filter(role=role).exists()


def holds_on(post: Post, on: date) -> bool:
    """Whether a post is held on a day."""
    return post.from_on <= on and (post.to_on is None or post.to_on >= on)


def accounts_found(prefix: str, text: str, most: int) -> list[Account]:
    """The accounts of a region and below whose name or person contains a text."""
    rows = accounts_within(prefix)
    if text:
        rows = rows.filter(Q(username__icontains=text) | Q(display_name__icontains=text))
    return list(rows.order_by("organisation__region_id", "organisation_id", "username")[:most])
