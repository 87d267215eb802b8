"""Wordings that are no row of the table as a whole: joined, framed, misspelt, with a text beside the label."""

import pytest

from service.interchange.claimreview.rating_frames import frames_of
from service.interchange.claimreview.rating_numbers import Numbers
from service.interchange.claimreview.rating_table_rows import Row
from service.interchange.claimreview.ratings import RatingTable, load_table
from service.model.verdicts import Rating

TABLE = load_table()


def read(words: str, language: str | None) -> tuple[str, set[str]]:
    found = TABLE.map_rating([words], Numbers(), language)
    return str(found.rating), {str(finding.code) for finding in found.findings}


@pytest.mark.parametrize(
    ("words", "language", "label"),
    [
        ("FALSO: A ponte foi inaugurada em 1987", "pt", "refuted"),
        ("Falso. La foto muestra otro puente", "es", "refuted"),
        ("Faux : la vidéo montre un autre pont", "fr", "refuted"),
        ("Falsch – das Bild zeigt eine andere Brücke", "de", "refuted"),
        ("Salah - foto itu dari kota lain", "id", "refuted"),
        ("Prawda. Most otwarto w 1987 roku", "pl", "supported"),
        ("Manipulacja. Choć most jest nowy, liczba jest inna", "pl", "conflicting_evidence"),
        ("ЛОЖЬ: на фото другой мост", "ru", "refuted"),
        ("زائف: الصورة لجسر آخر في مدينة", "ar", "refuted"),
        ("भ्रामक: तस्वीर दूसरे पुल की है", "hi", "conflicting_evidence"),
        ("错误：照片里是另一座桥", "zh", "refuted"),
        ("거짓: 사진은 다른 다리", "ko", "refuted"),
        ("Mostly true, the bridge has 41 arches", "en", "supported"),
        ("False (the picture shows another bridge)", "en", "refuted"),
        ("Incorrect. But the bridge was damaged in 1990.", "en", "refuted"),
        ("False\nThe picture shows another bridge", "en", "refuted"),
        ("[FALSE] The picture shows another bridge", "en", "refuted"),
        ("[FALSE] The video is an old video", "en", "refuted"),
        ("FALSE - this is an old video", "en", "refuted"),
        ("Falso, es un video antiguo", "es", "refuted"),
        ("The picture shows another bridge [FALSE]", "en", "refuted"),
        ("(Engañoso) La foto muestra otro puente", "es", "conflicting_evidence"),
        ("【誤り】写真は別の橋です", "ja", "refuted"),
        ("2 [misleading content]", "id", "conflicting_evidence"),
        ("FALSO A ponte foi inaugurada em 1987", "pt", "refuted"),
        ("MOSTLY FALSE The bridge has 41 arches", "en", "refuted"),
        ("It is false that the bridge was sold", "en", "refuted"),
        ("É falso que a ponte tenha sido vendida", "pt", "refuted"),
        ("Неправда, что мост был продан", "ru", "refuted"),
        ("यह दावा गलत है कि पुल बेच दिया गया", "hi", "refuted"),
    ],
)
def test_the_beginning_is_the_label(words: str, language: str, label: str) -> None:
    assert read(words, language) == (label, set())


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("True, but the bridge has 41 arches", "en"),
        ("True: the bridge has 41 arches, although one fell", "en"),
        ("True. However, the number is old", "en"),
        ("True: the bridge is old and the picture fake", "en"),
        ("Verdadeiro, mas a ponte tem 41 arcos", "pt"),
        ("Verdadero, aunque el puente es otro", "es"),
        ("False, but a similar bridge was sold", "en"),
        ("Truth! & Fiction!", "en"),
        ("True: partly", "en"),
        ("False (mostly)", "en"),
        ("Falso: no", "es"),
        ("The bridge (false) was sold", "en"),
        ("[True] The bridge is old, but not that old", "en"),
        ("Is it true?", "en"),
        ("True: partly false", "en"),
        ("True, it is an old video", "en"),
        ("False, old video", "en"),
        ("Not so: true", "en"),
        ("FALSE FLAG attack on a bridge", "en"),
        ("TRUE Story of a fake bridge", "en"),
        ("Bridge: sold: false", "en"),
        ("False?? Or what is this about here?", "en"),
        ("That bridge is a bridge", "en"),
        ("Whatever that bridge was", "en"),
        ("Satire: a page of jokes about bridges", "en"),
    ],
)
def test_what_takes_something_back_leaves_it_unmapped(words: str, language: str) -> None:
    assert read(words, language)[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language", "label"),
    [
        ("misleading video", "en", "conflicting_evidence"),
        ("Misleading image and text", "en", "conflicting_evidence"),
        ("Video is misleading / old video viral", "en", "conflicting_evidence"),
        ("old and misleading claim", "en", "conflicting_evidence"),
        ("The viral photo is totally fake", "en", "refuted"),
        ("Rating: Mostly false", "en", "refuted"),
        ("Fact check: False", "en", "refuted"),
        ("Bridge Checks rating: FALSE", "en", "refuted"),
        ("Nuestra conclusión: engañoso", "es", "conflicting_evidence"),
        ("Our verdict: true", "en", "supported"),
        ("misleading claim", "gu", "conflicting_evidence"),
        ("Publicación engañosa", "es", "conflicting_evidence"),
        ("Foto e rreme", "sq", "refuted"),
        ("هذا الفيديو مضلل", "ar", "conflicting_evidence"),
        ("यह वीडियो फर्जी है", "hi", "refuted"),
        ("આ દાવો તદ્દન ખોટો છે", "gu", "refuted"),
        ("این ادعا نادرست است", "fa", "refuted"),
        ("Это видео — фейк", "ru", "refuted"),
    ],
)
def test_words_around_a_label_do_not_matter(words: str, language: str, label: str) -> None:
    assert read(words, language) == (label, set())


@pytest.mark.parametrize(
    ("words", "language", "label"),
    [
        ("False and misleading", "en", "conflicting_evidence"),
        ("Falso/Enganoso", "pt", "conflicting_evidence"),
        ("Falso y engañoso", "es", "conflicting_evidence"),
        ("Faux et trompeur", "fr", "conflicting_evidence"),
        ("Ложь и полуправда", "ru", "conflicting_evidence"),
        ("गलत और भ्रामक", "hi", "conflicting_evidence"),
        ("Misleading, false", "en", "conflicting_evidence"),
        ("Misleading & partly true & false", "en", "conflicting_evidence"),
        ("True / Missing context", "en", "conflicting_evidence"),
        ("False + unproven", "en", "not_enough_evidence"),
        ("This claim is true (misleading)", "en", "conflicting_evidence"),
        ("clickbait, false and misleading", "en", "conflicting_evidence"),
    ],
)
def test_of_two_labels_the_weaker_is_used(words: str, language: str, label: str) -> None:
    assert read(words, language) == (label, {"weaker_rating"})


@pytest.mark.parametrize("words", ["True / False", "False and exaggerated", "False & old", "True but false"])
def test_opposites_and_doubtful_labels_stay_unmapped(words: str) -> None:
    assert read(words, "en")[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language", "label"),
    [
        ("Flase", "en", "refuted"),
        ("misleadintg", "gu", "conflicting_evidence"),
        ("Mosty false", "en", "refuted"),
        ("halftrue", "en", "conflicting_evidence"),
        ("misleaiding claim", "pa", "conflicting_evidence"),
        ("Verdaderio", "es", "supported"),
        ("Pradwa", "pl", "supported"),
        ("niewryfikowalne", "pl", "not_enough_evidence"),
        ("Нправда", "ru", "refuted"),
        ("Menyesatkn", "id", "conflicting_evidence"),
    ],
)
def test_a_misspelt_label(words: str, language: str, label: str) -> None:
    assert read(words, language) == (label, {"misspelt_rating"})


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Now true", "en"),
        ("Engañso", "es"),  # one letter from two labels
        ("Verdaderoo", "en"),
        ("Not flase", "en"),
        ("Satre", "en"),
        ("Неточно", None),  # a word of the table, with two meanings
    ],
)
def test_a_misspelling_of_two_or_none_is_unmapped(words: str, language: str | None) -> None:
    assert read(words, language)[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language", "label"),
    [
        ("The claim that the bridge was sold is false.", "en", "refuted"),
        ("The bridge stands where it was. This claim is misleading.", "en", "conflicting_evidence"),
        ("A picture of 1990 is shared with a misleading claim about the bridge", "en", "conflicting_evidence"),
        ("A bridge of 1990 is shared with a false and misleading claim", "en", "conflicting_evidence"),
        ("पुल बेचे जाने का दावा भ्रामक है। पुल वहीं है।", "hi", "conflicting_evidence"),
        ("પુલ વેચાયો હોવાનો દાવો તદ્દન ભ્રામક સાબિત થાય છે, પુલ ત્યાં જ છે.", "gu", "conflicting_evidence"),
        ("Most stoi od 1987 roku. Ta wypowiedź jest fałszywa.", "pl", "refuted"),
        ("The bridge stands where it was. The statement is correct.", "en", "supported"),
    ],
)
def test_a_sentence_that_calls_the_claim_by_a_label(words: str, language: str, label: str) -> None:
    found, codes = read(words, language)

    assert (found, "rating_in_text" in codes) == (label, True)


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("This is not false", "en"),
        ("It is not clear whether the claim is false.", "en"),
        ("We could not find out if the video is fake", "en"),
        ("No es falso", "es"),
        ("Não é falso", "pt"),
        ("Ce n'est pas faux", "fr"),
        ("Nie jest to fałsz", "pl"),
        ("Bukan hoaks", "id"),
        ("यह गलत नहीं है", "hi"),
        ("The picture shows another bridge.", "en"),
        ("The mayor says the bridge is safe and the claim is true", "en"),
        ("The bridge is old. The statement is correct. But the number is not.", "en"),
        ("Why the claim is false?", "en"),
        ("a fake bridge", "en"),
        ("A pile of accurate and inaccurate information", "en"),
    ],
)
def test_a_sentence_that_does_not_is_unmapped(words: str, language: str) -> None:
    assert read(words, language)[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("False?", "en"),
        ("¿Es verdad?", "es"),
        ("Falso?!", "pt"),
        ("Правда (?)", "ru"),
        ("هل هو كاذب؟", "ar"),
        ("نادرست؟", "fa"),
        ("Είναι ψευδές;", "el"),
        ("[False?] The bridge was sold", "en"),
        ("FALSE? The picture shows a bridge", "en"),
    ],
)
def test_a_question_is_no_label(words: str, language: str) -> None:
    assert read(words, language)[0] == "unmapped"


def test_a_question_beside_a_label_does_not_matter() -> None:
    assert read("[False] Was the bridge sold?", "en")[0] == "refuted"
    assert read("Ψευδές: η γέφυρα δεν πουλήθηκε", "el")[0] == "refuted"


def test_a_row_may_be_a_question() -> None:
    table = RatingTable([Row("Really?", "really", Rating.REFUTED, "en")])

    assert table.map_rating(["Really?"], Numbers(), "en").rating == "refuted"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("A viral post claims that the bridge is fake", "en"),
        ("Users claim the video is fake", "en"),
        ("The mayor denied that the video is fake", "en"),
        ("The mayor says, the claim is false", "en"),
        ("Allegedly fake video", "en"),
        ("El alcalde dijo que la noticia es falsa", "es"),
        ("O prefeito disse que a notícia é falsa", "pt"),
        ("Le maire dit que l'information est fausse", "fr"),
        ("Der Bürgermeister sagt, die Behauptung ist falsch", "de"),
        ("Kein Beweis, dass das Video gefälscht ist", "de"),
        ("Burmistrz powiedział, że informacja jest fałszywa", "pl"),
        ("Мэр сказал, что новость фейк", "ru"),
        ("قال العمدة إن الخبر كاذب", "ar"),
        ("شهردار گفت که این خبر نادرست است", "fa"),
        ("मेयर ने कहा कि यह खबर गलत है", "hi"),
        ("पोस्ट में दावा किया जा रहा है कि वीडियो फर्जी है", "hi"),
        ("દાવો કરવામાં આવ્યો છે કે વીડિયો ફેક છે", "gu"),
        ("ਮੇਅਰ ਨੇ ਕਿਹਾ ਕਿ ਇਹ ਖਬਰ ਗਲਤ ਹੈ", "pa"),
        ("Unggahan mengklaim bahwa jembatan adalah hoaks", "id"),
        ("Kryetari tha se lajmi është i rremë", "sq"),
    ],
)
def test_what_somebody_is_reported_to_say_is_no_label(words: str, language: str) -> None:
    assert read(words, language)[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Other posts about the bridge are fake", "en"),
        ("The council has answered other misleading claims", "en"),
        ("The picture goes around with another false caption", "en"),
        ("Andere Behauptungen über die Brücke sind falsch", "de"),
        ("પરિષદે અન્ય ભ્રામક દાવા પર ખુલાસો આપ્યો છે", "gu"),
        ("परिषद ने अन्य भ्रामक दावे का जवाब दिया", "hi"),
        ("Другие сообщения о мосте фейк", "ru"),
        ("ادعاهای دیگر درباره پل نادرست است", "fa"),
        ("Cealaltă fotografie a podului este falsă", "ro"),
        ("Άλλα βίντεο για τη γέφυρα είναι ψευδή", "el"),
        ("הסרטון האחר על הגשר הוא מזויף", "he"),
        ("दुसऱ्या पोस्ट मध्ये खोटा दावा आहे", "mr"),
        ("மற்றொரு போலி செய்தி பரவியது", "ta"),
        ("మరొక తప్పుడు వార్త వచ్చింది", "te"),
    ],
)
def test_what_is_said_of_other_claims_is_no_label(words: str, language: str) -> None:
    assert read(words, language)[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language", "label"),
    [
        ("A picture of another bridge is shared with a false claim", "en", "refuted"),
        ("Users say the bridge was sold, but the video is fake", "en", "refuted"),
        ("The claim that the bridge was sold is false", "en", "refuted"),
        ("La vidéo du pont dans une autre ville est fausse", "fr", "refuted"),
        ("Zdjęcie mostu w innym mieście jest fałszywe", "pl", "refuted"),
        ("Bilden av bron i en annan stad är falsk", "sv", "refuted"),
        ("Başka bir şehirdeki köprü yanıltıcı iddia ile paylaşıldı", "tr", "conflicting_evidence"),
        ("خبر فروش پل در شهری دیگر نادرست است", "fa", "refuted"),
        ("Video jembatan di kota lain adalah hoaks", "id", "refuted"),
        ("તપાસમાં જાણવા મળ્યું કે આ દાવો ખોટો છે", "gu", "refuted"),
        ("जांच में पाया गया कि यह दावा गलत है", "hi", "refuted"),
        ("वीडियो भ्रामक दावे के साथ शेयर किया जा रहा है", "hi", "conflicting_evidence"),
        ("Tidak ada bukti bahwa video itu palsu", "id", "not_enough_evidence"),
    ],
)
def test_what_was_found_is_a_label(words: str, language: str, label: str) -> None:
    assert read(words, language)[0] == label


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("It is not true that the claim is false", "en"),
        ("It is true that the claim is false", "en"),
        ("Não é verdade que a notícia é falsa", "pt"),
        ("Неправда, что это фейк", "ru"),
        ("यह सच नहीं कि दावा गलत है", "hi"),
        ("Part of the claim is false", "en"),
        ("दावे का एक हिस्सा गलत है", "hi"),
        ("بخشی از این خبر نادرست است", "fa"),
        ("الخبر صحيح لكن الصورة مفبركة", "ar"),
        ("صحيح، لكنه حدث في بلد بعيد جدا", "ar"),
        ("The story of the fake bridge photo is true", "en"),
        ("સાચું પણ", "gu"),
    ],
)
def test_a_label_that_is_denied_or_for_a_part_is_unmapped(words: str, language: str) -> None:
    assert read(words, language)[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Not true entirely", "en"),
        ("No es cierto totalmente", "es"),
        ("هذا الخبر ليس صحيحا تماما", "ar"),
        ("این خبر کاملا درست نیست", "fa"),
        ("यह दावा पूरी तरह सच नहीं है", "hi"),
        ("यह दावा पूरी तरह से सही नहीं है", "hi"),
        ("આ દાવો સંપૂર્ણ સાચો નથી", "gu"),
        ("ਪੂਰੀ ਤਰ੍ਹਾਂ ਸੱਚ ਨਹੀਂ", "pa"),
        ("Bu iddia tamamen doğru değil", "tr"),
        ("Nie całkowicie prawda", "pl"),
        ("Tidak benar sepenuhnya", "id"),
        ("ಸಂಪೂರ್ಣ ಸತ್ಯವಲ್ಲ", "kn"),
    ],
)
def test_not_entirely_true_is_not_false(words: str, language: str) -> None:
    assert read(words, language)[0] == "unmapped"


@pytest.mark.parametrize(
    ("words", "language"),
    [("Entirely false", "en"), ("पूरी तरह झूठा", "hi"), ("کاملا نادرست است", "fa"), ("Całkowicie fałszywe", "pl")],
)
def test_entirely_false_is_false(words: str, language: str) -> None:
    assert read(words, language)[0] == "refuted"


def test_a_negation_is_no_article_of_another_language() -> None:
    everywhere = frames_of(None)

    assert not everywhere.negations & (everywhere.subjects | everywhere.fillers | everywhere.copulas)
    assert frames_of("tlh") == frames_of("en")
