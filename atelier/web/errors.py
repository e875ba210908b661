"""How a refusal is said: a status, a key for programs, a sentence for people."""

import json
import math

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ..db import Unavailable
from ..i18n import translator
from ..live import NoRoom
from ..log import log, where
from ..passwords import BUSY_SECONDS, Busy
from ..rooms.refusals import Refused
from . import render
from .crowd import Full
from .forms import by_htmx
from .language import language_of
from .throttle import TooMany
from .who import Forbidden

REFUSALS: dict[str, tuple[int, str]] = {
    # Notes
    "note-empty": (422, "Cette note est vide : écrivez au moins un mot."),
    "note-too-long": (422, "Cette note est trop longue : raccourcissez-la, ou faites-en deux."),
    "note-too-many-lines": (422, "Cette note a plus de six lignes : faites-en deux."),
    "text-malformed": (422, "Ce texte contient un caractère illisible. Réécrivez-le."),
    "id-malformed": (422, "L’identifiant de la note n’a pas la forme attendue."),
    "body-malformed": (422, "La demande n’a pas la forme attendue."),
    "body-too-large": (413, "C’est trop long pour être reçu."),
    "step-closed": (409, "Cette étape ne prend plus de notes."),
    "note-id-taken": (409, "Cet identifiant est déjà celui d’une autre note."),
    "note-taken-back": (409, "Cette note a été retirée."),
    "secret-wrong": (404, "Cette note n’est pas sur ce téléphone."),
    "pass-wrong": (401, "Ce téléphone n’est plus dans la salle : entrez de nouveau le code."),
    "room-full": (409, "La salle a reçu des milliers de notes : elle n’en prend plus. Faites signe"
                  " à la personne qui anime."),
    # The room
    "room-unknown": (404, "Cette salle n’existe pas, ou n’existe plus."),
    "room-closed": (409, "La séance est close."),
    "room-locked": (423, "La salle est fermée aux nouvelles arrivées pour l’instant. Faites signe à"
                    " la personne qui anime, et gardez cette page ouverte : vous entrerez dès que"
                    " la porte s’ouvre."),
    "code-unknown": (404, "Aucune salle ouverte ne porte ce code. Vérifiez les six signes sur"
                     " l’écran, ou demandez à la personne qui anime : la salle n’est peut-être"
                     " pas encore ouverte."),
    "too-many-tries": (429, "Trop d’essais en peu de temps. Attendez un instant, puis réessayez."),
    "too-many-screens": (429, "Trop d’écrans suivent cette salle, ou viennent de la même adresse."
                         " Fermez-en, ou attendez un instant."),
    "not-kept": (503, "La note n’a pas pu être gardée. Le téléphone réessaie tout seul."),
    # Facilitation
    "not-yours": (403, "C’est réservé à la personne qui anime la séance."),
    "origin-foreign": (403, "Cette demande vient d’une autre page que celles d’atelier."),
    "host-unknown": (421, "Cette installation ne répond pas à cette adresse. Reprenez celle qui est"
                          " affichée dans la salle ; la personne qui l’héberge la règle par"
                          " ATELIER_ORIGIN."),
    "step-last": (409, "C’est la dernière étape. Vous pouvez clore la séance."),
    "step-unknown": (422, "Cette étape n’est pas dans la trame."),
    "step-not-direct": (409, "Les notes de cette étape attendent face cachée."),
    "nothing-to-reveal": (409, "Aucune note n’attend d’être dévoilée."),
    "below-threshold": (409, "Il faut assez de notes et de téléphones pour dévoiler sans désigner"
                        " personne. Attendez, ou passez à l’étape suivante."),
    "announced": (409, "Le dévoilement est annoncé sur chaque téléphone. Confirmez dans dix"
                  " secondes."),
    "note-unknown": (422, "Cette note n’est pas, ou plus, sur le mur."),
    "cluster-unknown": (422, "Cette grappe n’est pas, ou plus, sur le mur."),
    "title-empty": (422, "Il manque un titre."),
    "title-too-long": (422, "Ce titre est trop long : 120 signes au plus."),
    "too-many-clusters": (409, "Le mur a déjà 26 grappes : il n’y a plus de lettre libre."),
    "nothing-to-undo": (409, "Il n’y a rien à annuler."),
    "closing-done": (409, "La clôture est faite : ce qui devait être effacé l’est."),
    "not-closed": (409, "La séance est en cours : masquez la note sur le mur."),
    "keep-unknown": (422, "Choisissez ce qui est gardé : tout, l’essentiel ou rien."),
    "kind-unknown": (422, "Ce genre d’étape n’existe pas."),
    "step-entered": (409, "Cette étape a été ouverte : elle garde sa place, son titre et sa façon"
                     " de recueillir les notes."),
    "step-passed": (409, "Ce qui est à venir se place après l’étape en cours."),
    "prompt-empty": (422, "Il manque une consigne."),
    "prompt-too-long": (422, "Cette consigne est trop longue : 2000 signes au plus."),
    "mode-unknown": (422, "Ce mode n’existe pas : dévoilement, vagues ou direct."),
    "script-unknown": (422, "Cette trame n’existe pas."),
    "script-not-yours": (404, "Cette trame n’est pas, ou plus, parmi les vôtres."),
    "script-changed": (409, "Cette trame a changé dans un autre onglet. Copiez ce que vous venez"
                       " d’écrire, puis rechargez la page."),
    "script-malformed": (422, "Cette trame a des champs à reprendre."),
    "too-many-scripts": (409, "Vous avez déjà deux cents trames : effacez-en une, puis"
                         " réessayez."),
    "series-not-yours": (404, "Ce cycle n’est pas, ou plus, parmi les vôtres."),
    "series-changed": (409, "Ce cycle a changé dans un autre onglet. Copiez ce que vous venez"
                       " d’écrire, puis rechargez la page."),
    "too-many-series": (409, "Vous avez déjà deux cents cycles : effacez-en un, puis réessayez."),
    "series-notes-too-long": (422, "Ces notes sont trop longues : 4000 signes au plus."),
    "too-many-sessions": (409, "Un cycle a quarante séances au plus."),
    "session-unknown": (422, "Cette séance n’est pas, ou plus, dans ce cycle."),
    "session-twice": (409, "Cette salle est déjà dans ce cycle."),
    "session-taken": (409, "Cette séance a déjà sa salle."),
    "thread-end-unknown": (422, "Ce que le fil relie n’est pas, ou plus, dans ce cycle."),
    "thread-backwards": (422, "Un fil va d’une séance vers une séance suivante."),
    "too-many-threads": (409, "Ce cycle a déjà deux cents fils : défaites-en un, puis réessayez."),
    "too-many-steps": (409, "Une trame a quarante étapes au plus."),
    "step-only": (409, "Une trame garde au moins une étape."),
    "language-unknown": (422, "Cette langue n’est pas proposée : français ou anglais."),
    "form-malformed": (422, "Le formulaire n’a pas la forme attendue."),
    "past-unknown": (404, "Ce moment n’est pas dans la séance."),
    "still-open": (403, "La séance est en cours : ce lien ne s’ouvre qu’après la clôture."),
    "tag-unknown": (422, "Cette étiquette n’existe pas : social, familial, affectif, corps,"
                    " organisation ou epoque."),
    "too-many-tensions": (409, "Le mur a déjà 40 tensions : retirez-en une, puis recommencez."),
    "tension-one-end": (422, "Une tension relie deux choses différentes."),
    "tension-unknown": (422, "Cette tension n’est pas, ou plus, sur le mur."),
    "end-unknown": (422, "Ce que la tension relie n’est pas, ou plus, sur le mur."),
    "half-empty": (422, "Il manque une moitié : « à la fois… » et « et… »."),
    "half-too-long": (422, "Cette moitié de phrase est trop longue : 120 signes au plus."),
    "level-unknown": (422, "Ce niveau n’existe pas : self, organisation ou times."),
    "concept-unknown": (422, "Ce repère n’existe pas."),
    "reference-incomplete": (422, "Une référence est exacte ou absente : donnez auteur ou autrice,"
                             " œuvre et année, ou laissez les trois vides."),
    "card-name-too-long": (422, "Ce nom est trop long : 80 signes au plus."),
    "year-too-long": (422, "Cette année est trop longue : 40 signes au plus."),
    "definition-empty": (422, "Il manque ce que ce repère aide à comprendre."),
    "definition-too-long": (422, "Ce texte est trop long : quatre cents signes et six lignes"
                            " au plus."),
    "card-not-yours": (404, "Ce repère n’est pas, ou plus, parmi les vôtres."),
    "card-changed": (409, "Ce repère a changé dans un autre onglet. Copiez ce que vous venez"
                     " d’écrire, puis rechargez la page."),
    "too-many-cards": (409, "Vous avez déjà deux cents repères : effacez-en un, puis"
                       " réessayez."),
    "choice-open": (409, "Un choix est déjà ouvert."),
    "choice-closed": (409, "Ce choix n’est pas, ou plus, ouvert."),
    "choice-out-of-range": (422, "Ce n’est pas ce qui est proposé : une à trois grappes, et moins"
                            " qu’il y en a sur le mur."),
    "too-few-clusters": (409, "Il faut au moins deux grappes, et une étape ouverte, pour"
                         " choisir."),
    "too-few-choices": (409, "Il faut assez de choix et de téléphones pour montrer des totaux sans"
                        " désigner personne. Attendez, ou renoncez à ce choix."),
    "card-unknown": (422, "Ce repère n’est pas, ou plus, sur le mur."),
    "target-unknown": (422, "Ce qui est désigné n’est pas, ou plus, sur le mur."),
    "export-unknown": (404, "Cet export n’existe pas dans cette version."),
    "no-timer": (409, "Aucun minuteur n’est lancé."),
    "minutes-out-of-range": (422, "Indiquez une durée en minutes, jusqu’à huit heures."),
    "room-open-already": (409, "La salle est déjà ouverte."),
    "too-many-rehearsals": (409, "Trois répétitions sont en cours : effacez-en une, puis"
                            " réessayez."),
    "too-many-rooms": (409, "Mille salles sont ouvertes : clôturez-en une, puis réessayez."),
    # Accounts
    "sign-in-failed": (403, "Adresse ou mot de passe inconnus."),
    "link-spent": (403, "Ce lien a déjà servi, ou date de plus d’une demi-heure."),
    "password-length": (422, "Le mot de passe doit avoir de 12 à 256 signes."),
    "email-malformed": (422, "Cette adresse électronique n’en est pas une."),
    "account-unknown": (404, "Aucun compte n’a cette adresse."),
    "account-exists": (409, "Un compte existe déjà pour cette adresse."),
    "password-needed": (403, "Redonnez votre mot de passe : ce geste le demande quand il date de"
                        " plus de dix minutes."),
    "password-wrong": (403, "Ce n’est pas votre mot de passe."),
    "invitation-spent": (403, "Cette invitation a déjà servi, a été annulée, ou date de plus de"
                         " deux jours."),
    "too-many-invitations": (409, "Vingt invitations attendent déjà : annulez-en une, puis"
                             " réessayez."),
    # The rest
    "page-unknown": (404, "Cette page n’existe pas."),
    "method-unknown": (405, "Cette adresse ne se demande pas ainsi."),
    "failed": (500, "Quelque chose a manqué de notre côté. Rien n’est perdu ; réessayez."),
    "unavailable": (503, "Le serveur ne peut rien écrire pour l’instant. Réessayez."),
}  # fmt: skip

TITLES = {
    403: "C’est réservé",
    404: "Rien ici",
    413: "C’est trop long",
    429: "Un instant",
    500: "Quelque chose a manqué",
    503: "Un instant",
}
RETRY_SECONDS = 2
CROWD_SECONDS = 10


class BodyTooLarge(Exception):
    """More bytes came than the headers said, or than we take."""


def refuse(request: Request, key: str, retry: float | None = None) -> Response:
    """The answer to a request that is refused: JSON for programs, else a page."""
    status, message = REFUSALS[key]
    language = language_of(request)
    _ = translator(language)
    says, title = _(message), TITLES.get(status, "Ce n’est pas possible")
    headers = {"Atelier-Refused": key}
    if retry is not None:
        headers["Retry-After"] = str(math.ceil(retry))
    if wants_json(request):
        body = json.dumps({"refused": key, "says": says}, ensure_ascii=False)
        return Response(body, status, headers, media_type="application/json")
    if by_htmx(request):
        return HTMLResponse(
            render.component(language, "problem", says, file="form"),
            status,
            {**headers, "HX-Retarget": "#problem", "HX-Reswap": "outerHTML"},
        )
    page = render.page(request.scope, "error", language, title=_(title), code=status, says=says)
    return HTMLResponse(page, status, headers)


def wants_json(request: Request) -> bool:
    return "application/json" in request.headers.get("accept", "") or (
        request.headers.get("content-type", "").startswith("application/json")
    )


async def refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, Refused)
    return refuse(request, error.reason)


async def no_room(request: Request, error: Exception) -> Response:
    return refuse(request, "room-unknown")


async def forbidden(request: Request, error: Exception) -> Response:
    return refuse(request, "not-yours")


async def too_many(request: Request, error: Exception) -> Response:
    assert isinstance(error, TooMany)
    return refuse(request, "too-many-tries", retry=error.seconds)


async def full(request: Request, error: Exception) -> Response:
    return refuse(request, "too-many-screens", retry=CROWD_SECONDS)


async def busy(request: Request, error: Exception) -> Response:
    return refuse(request, "too-many-tries", retry=BUSY_SECONDS)


async def too_large(request: Request, error: Exception) -> Response:
    return refuse(request, "body-too-large")


async def unavailable(request: Request, error: Exception) -> Response:
    log.error("database-unavailable", error=type(error).__name__, where=where(error))
    return refuse(request, "unavailable", retry=RETRY_SECONDS)


async def http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    keys = {405: "method-unknown", 400: "form-malformed", 413: "body-too-large"}
    return refuse(request, keys.get(error.status_code, "page-unknown"))


async def failed(request: Request, error: Exception) -> Response:
    return refuse(request, "failed")


handlers = {
    Refused: refused,
    NoRoom: no_room,
    Forbidden: forbidden,
    TooMany: too_many,
    Full: full,
    Busy: busy,
    BodyTooLarge: too_large,
    Unavailable: unavailable,
    HTTPException: http_error,
    Exception: failed,
}
