"""Northlight Analytics, a firm that does not exist: its channels, campaigns, people, customers.

Constants only. Everything random lives in journeys, crm and the writers.
"""

from dataclasses import dataclass, field
from datetime import date

COMPANY = "Northlight Analytics"
SITE = "https://www.northlight.example"
OWN_DOMAIN = "northlight.example"
FREEMAIL_DOMAINS = ("freemail.example", "mailbox.example")
ADS_CUSTOMER_ID = "482-915-3307"
USD_PER = {"USD": 1.0, "EUR": 1.12, "GBP": 1.31}


@dataclass(frozen=True)
class Channel:
    """One channel: how often it brings a session and what that session really does.

    `effect` is the additional hazard of becoming a lead, per session, at adstock 1.
    """

    name: str
    effect: float
    weight: float
    source: str
    medium: str
    crm_source: str


CHANNELS = (
    Channel("Organic Search", 0.090, 0.26, "google", "organic", "Organic Search"),
    Channel("Direct", 0.000, 0.18, "(direct)", "(none)", "Direct Traffic"),
    Channel("Paid Search", 0.160, 0.13, "google", "cpc", "Paid Search"),
    Channel("Display", 0.030, 0.07, "google", "display", "Other Campaigns"),
    Channel("Email", 0.140, 0.13, "hubspot", "email", "Email Marketing"),
    Channel("Referral", 0.120, 0.06, "partner-portal.example", "referral", "Referrals"),
    Channel("Organic Social", 0.050, 0.06, "linkedin", "social", "Organic Social"),
    Channel("Paid Social", 0.080, 0.08, "linkedin", "paid_social", "Paid Social"),
    Channel("Organic Video", 0.050, 0.03, "youtube", "video", "Organic Social"),
)
CHANNEL_NUMBER = {channel.name: number for number, channel in enumerate(CHANNELS)}
DIRECT = CHANNEL_NUMBER["Direct"]
PAID_SEARCH = CHANNEL_NUMBER["Paid Search"]
DISPLAY = CHANNEL_NUMBER["Display"]
AD_CHANNELS = (PAID_SEARCH, DISPLAY)
EMAIL = CHANNEL_NUMBER["Email"]
UNTAGGED_WEIGHT = {
    "Organic Search": 1.0,
    "Direct": 1.0,
    "Referral": 4.0,
    "Organic Social": 3.0,
    "Organic Video": 2.0,
}
"""Weight of a session without any campaign; a channel that is not here is always tagged."""

BASE_HAZARD = 0.030
"""Hazard of becoming a lead at a session that no channel caused, for intent 1."""
ADSTOCK_HALF_LIFE_DAYS = 7.0
WEBINAR_BOOST = {"Email": 1.7, "Paid Social": 1.7}
"""How much busier a channel is while a webinar is promoted."""


@dataclass(frozen=True)
class Campaign:
    """One campaign as planned and as it really went. `live` None: never went live."""

    slug: str
    name: str
    family: str
    kind: str
    valid_from: date
    valid_to: date | None
    planned: date
    live: date | None
    ends: date
    owner: str = ""
    goal: str = ""
    source: str = "hubspot"
    medium: str = "email"
    ad_name: str = ""
    ad_type: str = ""
    ad_id: int = 0
    ad_clicks: float = 0.0
    cancelled_at: str = ""
    is_registered: bool = True
    weights: dict[str, float] = field(default_factory=dict)


LAST = date(2026, 9, 30)

CAMPAIGNS = (
    Campaign(
        "webinar-kickoff-q1", "Kickoff Webinar Q1", "Webinars", "webinar",
        date(2026, 1, 2), date(2026, 4, 6), date(2026, 1, 13), date(2026, 1, 13),
        date(2026, 4, 6), owner="Dana Whitfield", goal="G1",
        weights={"Email": 4, "Paid Social": 3, "Organic Social": 2},
    ),
    Campaign(
        "webinar-foundations-q2", "Foundations Webinar Q2", "Webinars", "webinar",
        date(2026, 3, 10), date(2026, 7, 5), date(2026, 4, 7), date(2026, 4, 7), date(2026, 7, 5),
        owner="Dana Whitfield", goal="G1", ad_type="Search", ad_id=20481100011, ad_clicks=3.0,
        weights={"Email": 5, "Paid Social": 4, "Organic Social": 2, "Paid Search": 2},
    ),
    Campaign(
        "webinar-pipeline-q3", "Pipeline Webinar Q3", "Webinars", "webinar",
        date(2026, 6, 9), None, date(2026, 7, 7), date(2026, 7, 7), LAST,
        owner="Dana Whitfield", goal="G1", ad_name="Pipeline Webinar Q3 | Search",
        ad_type="Search", ad_id=20481100028, ad_clicks=4.0,
        weights={"Email": 7, "Paid Social": 6, "Organic Social": 3, "Paid Search": 3},
    ),
    Campaign(
        "webinar-scale-q4", "Scale Webinar Q4", "Webinars", "webinar",
        date(2026, 9, 14), None, date(2026, 10, 13), None, LAST,
        owner="Dana Whitfield", goal="G1; G3",
    ),
    Campaign(
        "product-launch-q1", "Product Launch Q1", "Product launches", "product_launch",
        date(2026, 1, 2), date(2026, 3, 31), date(2026, 1, 20), date(2026, 1, 23),
        date(2026, 3, 31), owner="Priya Natarajan", goal="G2", ad_type="Search",
        ad_id=20481100035, ad_clicks=6.0,
        weights={"Email": 3, "Paid Social": 3, "Paid Search": 3, "Organic Social": 1},
    ),
    Campaign(
        "product-launch-q3", "Product Launch Q3", "Product launches", "product_launch",
        date(2026, 7, 6), None, date(2026, 8, 3), date(2026, 8, 11), LAST,
        owner="Priya Natarajan", goal="G2", ad_type="Search", ad_id=20481100042, ad_clicks=6.0,
        weights={"Email": 2, "Paid Social": 2, "Paid Search": 3},
    ),
    Campaign(
        "newsletter", "Newsletter first half", "Content", "content_sprint",
        date(2026, 1, 1), date(2026, 6, 30), date(2026, 1, 5), date(2026, 1, 5),
        date(2026, 6, 30), owner="Jonas Feld", goal="G3", weights={"Email": 2},
    ),
    Campaign(
        "newsletter", "Newsletter second half", "Content", "content_sprint",
        date(2026, 7, 1), None, date(2026, 7, 2), date(2026, 7, 2), LAST,
        owner="Jonas Feld", goal="G3", weights={"Email": 2},
    ),
    Campaign(
        "content-sprint-spring", "Content Sprint Spring", "Content", "content_sprint",
        date(2026, 2, 16), date(2026, 6, 30), date(2026, 3, 16), date(2026, 3, 18),
        date(2026, 6, 30), owner="Jonas Feld", goal="G3", source="linkedin", medium="social",
        weights={"Email": 1, "Referral": 1, "Organic Social": 2},
    ),
    Campaign(
        "lead-gen-blitz-may", "Lead Gen Blitz May", "Lead generation", "lead_gen_blitz",
        date(2026, 4, 6), date(2026, 6, 15), date(2026, 5, 4), date(2026, 5, 5),
        date(2026, 6, 12), owner="Mateo Lindqvist", goal="G1", source="google", medium="cpc",
        ad_type="Search", ad_id=20481100059, ad_clicks=9.0,
        weights={"Paid Search": 4, "Paid Social": 2, "Email": 1},
    ),
    Campaign(
        "brand-awareness-2026", "Brand Awareness 2026", "Brand", "brand_awareness",
        date(2026, 1, 12), None, date(2026, 2, 2), date(2026, 2, 2), LAST,
        owner="Priya Natarajan", goal="G4", source="google", medium="display",
        ad_name="Brand Awareness 2026 | Display", ad_type="Display", ad_id=20481100066,
        ad_clicks=7.0, weights={"Display": 2, "Paid Social": 2, "Organic Video": 1},
    ),
    Campaign(
        "brand-search-2026", "Brand Search 2026", "Performance", "conversion_optimization",
        date(2026, 1, 1), None, date(2026, 1, 2), date(2026, 1, 2), LAST,
        owner="Mateo Lindqvist", goal="G4", source="google", medium="cpc", ad_type="Search",
        ad_id=20481100073, ad_clicks=10.0, weights={"Paid Search": 3},
    ),
    Campaign(
        "retargeting-always-on", "Retargeting Always On", "Performance",
        "conversion_optimization", date(2026, 1, 1), None, date(2026, 1, 5), date(2026, 1, 5),
        LAST, owner="", goal="G1", source="google", medium="display", ad_type="Display",
        ad_id=20481100080, ad_clicks=6.0, weights={"Display": 3},
    ),
    Campaign(
        "field-event-berlin", "Field Event Berlin", "Events", "lead_gen_blitz",
        date(2026, 5, 4), date(2026, 7, 31), date(2026, 6, 9), None, LAST,
        owner="Jonas Feld", goal="G2", cancelled_at="2026-05-26T13:30:00Z",
    ),
    Campaign(
        "referral-push-summer", "Referral Push Summer", "Lead generation", "lead_gen_blitz",
        date(2026, 6, 15), date(2026, 8, 31), date(2026, 7, 14), None, LAST,
        owner="Mateo Lindqvist", goal="G1", cancelled_at="2026-07-24T15:00:00Z",
    ),
    Campaign(
        "customer-stories-fall", "Customer Stories Fall", "Content", "content_sprint",
        date(2026, 8, 10), None, date(2026, 9, 14), None, LAST,
        owner="Dana Whitfield", goal="G3",
    ),
    Campaign(
        "summer-flash-promo", "summer-flash-promo", "", "", date(2026, 6, 15), None,
        date(2026, 6, 15), date(2026, 6, 15), date(2026, 7, 31), source="google", medium="cpc",
        ad_type="Search", ad_id=20481100097, ad_clicks=5.0, is_registered=False,
        weights={"Paid Search": 3},
    ),
)  # fmt: skip
WEBINAR_CAMPAIGNS = tuple(
    number for number, campaign in enumerate(CAMPAIGNS) if campaign.family == "Webinars"
)

TEAM = (
    "Dana Whitfield",
    "Priya Natarajan",
    "Jonas Feld",
    "Mateo Lindqvist",
    "Ines Okafor",
    "Rowan Castellano",
)
SELLERS = ("Harper Quill", "Simone Adeyemi", "Lukas Brandt", "Aiko Marlowe", "Tomas Vega")

FIRST_NAMES = (
    "Ada", "Aman", "Bea", "Ben", "Carla", "Chen", "Dario", "Elif", "Emil", "Farah", "Gita",
    "Hanna", "Igor", "Ivy", "Jana", "Kofi", "Lars", "Lena", "Mara", "Milo", "Nadia", "Nils",
    "Olga", "Omar", "Paula", "Quinn", "Rania", "Remy", "Sana", "Sven", "Tara", "Theo", "Uma",
    "Vera", "Viktor", "Wanda", "Xenia", "Yara", "Yusuf", "Zoe",
)  # fmt: skip
LAST_NAMES = (
    "Abelson", "Almeida", "Arslan", "Bauer", "Benoit", "Calloway", "Costa", "Dufour", "Eriksen",
    "Farrow", "Fischer", "Garnier", "Hale", "Haddad", "Ibarra", "Jansen", "Kaya", "Keller",
    "Kowalski", "Larsen", "Leclerc", "Maddox", "Mensah", "Moreau", "Nakamura", "Novak", "Olsen",
    "Osei", "Park", "Petrov", "Quist", "Ramires", "Rossi", "Sato", "Schmitt", "Tanaka", "Ueda",
    "Vance", "Weber", "Zhou",
)  # fmt: skip
COMPANY_FIRST = (
    "Alder", "Amber", "Beacon", "Birch", "Bluff", "Cedar", "Cobalt", "Copper", "Crest", "Delta",
    "Ember", "Falcon", "Fjord", "Garnet", "Glacier", "Harbor", "Hazel", "Indigo", "Ivory",
    "Juniper", "Keystone", "Lumen", "Maple", "Meridian", "Nimbus", "Onyx", "Orchard", "Pinnacle",
    "Quarry", "Raven", "Saffron", "Sierra", "Summit", "Tundra", "Umber", "Velvet", "Willow",
    "Yarrow", "Zenith", "Zephyr",
)  # fmt: skip
COMPANY_SECOND = (
    "Systems", "Logistics", "Foods", "Robotics", "Health", "Energy", "Retail", "Insurance",
    "Labs", "Mobility", "Textiles", "Capital", "Networks", "Materials", "Marine", "Aero",
    "Education", "Media", "Pharma", "Tools",
)  # fmt: skip
INDUSTRIES = (
    "Computer Software", "Logistics and Supply Chain", "Food Production", "Hospital & Health Care",
    "Retail", "Insurance", "Financial Services", "Machinery",
)  # fmt: skip
COUNTRIES = ("United States", "Germany", "United Kingdom", "Canada", "France", "Netherlands")
COUNTRY_SHARES = (0.55, 0.15, 0.12, 0.08, 0.05, 0.05)
JOB_TITLES = (
    "Head of Marketing", "Marketing Manager", "VP Sales", "Data Analyst", "Operations Lead",
    "CFO", "RevOps Manager", "Student", "Chief Marketing Officer", "IT Director",
)  # fmt: skip
FORMS = ("Demo request", "Webinar registration", "Guide download", "Contact us")
