"""What an erasure destroyed, in numbers, to be printed and kept: never a word of it."""

from datetime import UTC, datetime

from .erase import Erased
from .i18n import Translator
from .rooms.ids import RoomId


def report(_: Translator, room: RoomId, erased: Erased) -> list[str]:
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    return [
        _("Salle {room} effacée, {when}.", room=room, when=when),
        _("Clés détruites : {n}", n=erased.keys),
        _("Événements effacés : {n}", n=erased.removed.events),
        _("Textes effacés (notes, titres, consignes) : {n}", n=erased.removed.texts),
        _("Marques de téléphones effacées : {n}", n=erased.removed.secrets),
        _("Lignes de la boîte scellée effacées : {n}", n=erased.waiting),
        _("Les copies faites avant, sauvegardes et téléchargements, n’ont pas changé."),
        _("Un fichier .keys d’avant ouvre encore cette salle, avec la clé maîtresse : détruisez-le"
          " dès qu’une nouvelle sauvegarde est faite."),
    ]  # fmt: skip
