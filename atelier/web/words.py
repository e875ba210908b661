"""Names of kinds, registers and modes, and the ground rules: what the interface says of them."""

RULES = (
    ("lock-keyhole", "Ce que les autres partagent ici leur appartient. Je n’en parle pas au"
     " dehors, ni avec leur nom, ni sans leur nom. Je peux parler librement de ce que j’ai"
     " compris pour moi."),
    ("camera-off", "Je n’essaie pas de deviner qui a écrit une note, et je ne le demande à"
     " personne. Je ne photographie ni le mur, ni les personnes, ni les écrans."),
    ("door-open", "Je peux me taire, passer, sortir, retirer une note. Personne ne me demandera"
     " pourquoi."),
    ("message-circle", "Je dis « je ». Je pose des questions pour comprendre ; je ne donne ni"
     " conseil, ni interprétation, ni note."),
    ("scale", "À la fin, nous décidons ensemble de ce qui est gardé. Sans décision, aucune note"
     " n’est gardée."),
)  # fmt: skip

PLEDGE = (
    "Je garantis ce cadre. Je ne cherche pas à savoir qui a écrit une note et le logiciel ne me le"
    " dit pas. Je ne transmets rien à votre employeur ni au commanditaire, sauf ce que le groupe a"
    " relu et accepté. J’interviens si une personne est en danger ; dans ce cas, je vous le dis"
    " d’abord chaque fois que c’est possible. La confidentialité m’engage par contrat ; elle n’est"
    " pas un secret professionnel au sens du code pénal."
)

KINDS = {
    "wall": "Mur",
    "accueil": "Accueil et cadre",
    "carnet": "Carnet personnel",
    "post": "Notes sans nom",
    "revelation": "Découverte du mur",
    "regroupement": "Regroupement",
    "tension": "Mise en tension",
    "apport": "Apport théorique",
    "echange": "Échange",
    "trajectoire": "Trajectoire",
    "cloture": "Clôture",
}
REGISTERS = {"collectif": "Collectif", "personnel": "Personnel", "theorique": "Théorique"}
REGISTER_ICONS = {
    "collectif": "users-round",
    "personnel": "user-round",
    "theorique": "book-open",
}
MODES = {
    "reveal": "Dévoilement, tout ensemble",
    "waves": "Vagues, plusieurs dévoilements",
    "direct": "Direct, au fil de l’écriture",
    "none": "Sans notes",
}
STATES = {
    "lobby": "Ouverte",
    "session": "En séance",
    "closing": "En clôture",
}
SENSITIVITIES = {
    "low": "sensibilité faible",
    "medium": "sensibilité moyenne",
    "high": "sensibilité forte",
}
SHELVES = {"theme": "Par thème", "method": "D’autres façons de travailler"}
SHOWN = {
    "auto": "Selon l’étape",
    "prompt": "La consigne",
    "wall": "Le mur",
}
FIELDS = {
    "id": "identifiant",
    "theme_fr": "thème en français",
    "theme_en": "thème en anglais",
    "title_fr": "titre en français",
    "title_en": "titre en anglais",
    "purpose_fr": "intention en français",
    "purpose_en": "intention en anglais",
    "total_min": "durée totale",
    "group_size": "taille du groupe",
    "sensitivity": "sensibilité",
    "archive_default": "ce qui est gardé par défaut",
    "family": "famille",
    "steps": "étapes",
    "kind": "genre d’étape",
    "register": "registre",
    "min": "minutes",
    "break_after": "pause après l’étape",
    "mode": "quand les notes se voient",
    "limit": "longueur d’une note",
    "phone": "sur le téléphone",
    "projector": "sur la vue projetée",
    "concepts": "repères",
    "prompt_fr": "consigne en français",
    "prompt_en": "consigne en anglais",
    "hint_fr": "pour la personne qui anime, en français",
    "hint_en": "pour la personne qui anime, en anglais",
    "group_size: min": "taille du groupe, au moins",
    "group_size: ideal": "taille du groupe, idéale",
    "group_size: max": "taille du groupe, au plus",
}
"""The fields of a script, as their faults name them."""
SCRIPT_AS_IT_WENT = "La trame d’une séance, telle qu’elle s’est déroulée."
NEW_STEP_TITLE = "Nouvelle étape"
NEW_STEP_PROMPT = "Écrivez ici ce que vous proposez au groupe."
BARE_WALL_TITLE = "Mur"
REHEARSAL_TITLE = "Répétition : {title}"
BARE_WALL_PROMPT = "Écrivez ce qui vous vient, une idée par note."
