"""Addresses of the console. Names are bare: registers reverse ``listing`` and ``record``."""

from __future__ import annotations

from django.urls import path

from jingtu.faces.console.views import books, dossiers, edits, entry, listings, mine, offers, places, plan, records

urlpatterns = [
    path("", mine.work, name="work"),
    path("waiting/", mine.waiting, name="waiting"),
    path("sign-in/", entry.sign_in, name="sign-in"),
    path("sign-out/", entry.sign_out, name="sign-out"),
    path("password/", entry.password, name="password"),
    path("posts/", entry.posts, name="posts"),
    path("board/", plan.overview, name="board"),
    path("clauses/<str:code>/", plan.clause, name="clause"),
    path("duties/<str:code>/", plan.duty, name="duty"),
    path("r/<str:register>/", listings.listing, name="listing"),
    path("r/<str:register>/<int:pk>/", records.record, name="record"),
    path("r/<str:register>/<int:pk>/edit/", edits.edit, name="edit"),
    path("r/<str:register>/<int:pk>/move/<str:arrow>/", records.move, name="move"),
    path("r/<str:register>/open/<str:name>/", offers.tool, name="opening"),
    path("r/<str:register>/<int:pk>/do/<str:name>/", offers.tool, name="tool"),
    path("r/<str:register>/<int:pk>/files/<str:name>/", offers.download, name="record-file"),
    path("dossiers/", dossiers.dossiers, name="dossiers"),
    path("dossiers/new/", dossiers.new, name="dossier-new"),
    path("dossiers/<int:pk>/", dossiers.dossier, name="dossier"),
    path("dossiers/<int:pk>/progress/", dossiers.progress, name="dossier-progress"),
    path("dossiers/<int:pk>/marked.xlsx", dossiers.marked, name="dossier-marked"),
    path("dossiers/<int:pk>/move/<str:arrow>/", dossiers.move, name="dossier-move"),
    path("sheets/<str:sheet>/blank.xlsx", dossiers.blank, name="blank"),
    path("map/", places.one_map, name="map"),
    path("ledger/", books.ledger, name="ledger"),
    path("documents/<str:digest>/", books.document, name="document"),
]
