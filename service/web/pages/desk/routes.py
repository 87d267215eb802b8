"""All routes of the desk."""

from __future__ import annotations

import datetime as dt

from service.store import Store
from service.web.pages.desk.adding import add_adding
from service.web.pages.desk.blueprint import Desk
from service.web.pages.desk.correcting import add_correcting
from service.web.pages.desk.home import add_home
from service.web.pages.desk.judging import add_judging
from service.web.pages.desk.keys import add_keys
from service.web.pages.desk.mention_corrections import add_mention_corrections
from service.web.pages.desk.mentions import add_mentions
from service.web.pages.desk.merging import add_merging
from service.web.pages.desk.quotes import add_quotes
from service.web.pages.desk.reviews import add_reviews
from service.web.pages.desk.sign_in import add_sign_in
from service.web.pages.desk.suggestions import add_suggestions
from service.web.pages.desk.withdrawals import add_withdrawals


def desk(store: Store, *, review_required: bool, assignment_lasts: dt.timedelta) -> Desk:
    """Return the desk, over ``store``."""
    routes = Desk(store)
    add_sign_in(routes)
    add_home(routes)
    add_judging(routes, review_required=review_required, lasts=assignment_lasts)
    add_withdrawals(routes, review_required=review_required)
    add_reviews(routes, review_required=review_required)
    add_adding(routes)
    add_correcting(routes)
    add_merging(routes)
    add_mentions(routes)
    add_mention_corrections(routes)
    add_quotes(routes)
    add_suggestions(routes)
    add_keys(routes)
    return routes
