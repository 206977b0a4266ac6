package federation

import (
	"strings"
	"testing"
)

func TestPRV04_ForbiddenNames(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"laser", "laser_id", "laserID", "LASER-CODE", "laser.no", "Laser Number", "jc_laser", "card_laser", "back_code", "cardBack",
		"chip", "chip_no", "chipNumber", "ChipID", "chip-serial", "ic_serial", "smartcard_code", "smartCardCode", "smart-card-no",
		"card_request_no", "CardRequestNumber", "requestNo", "request_number", "bp1_no", "BP1",
		"card_no", "cardCode", "card_number", "เลขเลเซอร์", "หมายเลขหลังบัตร", "หมายเลขชิป", "เลขคำขอมีบัตร", "เลขบัตร", "idcard_laser",
		"citizen_chip_number",
	} {
		if !Forbidden(name) {
			t.Errorf("%q passes", name)
		}
	}
	for _, name := range []string{
		"pid", "sub", "name", "name#th", "title_en", "given_name", "family_name_en", "birthdate", "gender", "address", "house_address",
		"ial", "acr", "amr", "national_id", "citizen_id", "id_card_number", "เลขบัตรประชาชน", "date_of_expiry", "formatted", "street_address",
		"postal_code", "nickname", "identification", "auth_time",
	} {
		if Forbidden(name) {
			t.Errorf("%q is refused", name)
		}
	}
}

func TestPRV04_ScrubAtEveryDepth(t *testing.T) {
	t.Parallel()
	const secret = "JT9-SECRET"
	values := map[string]any{
		"laser_id": secret, "name": "ok", "card": map[string]any{
			"expires": "2030", "chip": map[string]any{"number": secret}, "request": map[string]any{"number": secret, "no": secret},
		},
		"cards": []any{map[string]any{"laser": secret, "kind": "id"}, []any{map[string]any{"bp1": secret}}},
		"laser": map[string]any{"deep": map[string]any{"value": secret}},
	}
	Scrub(values)
	if s := dump(values); strings.Contains(s, secret) {
		t.Errorf("left: %s", s)
	}
	if values["name"] != "ok" || values["card"].(map[string]any)["expires"] != "2030" {
		t.Error("a harmless value went too")
	}
}

func dump(v any) string {
	switch x := v.(type) {
	case map[string]any:
		var b strings.Builder
		for k, e := range x {
			b.WriteString(k + "=" + dump(e) + ";")
		}
		return b.String()
	case []any:
		var b strings.Builder
		for _, e := range x {
			b.WriteString(dump(e) + ",")
		}
		return b.String()
	case string:
		return x
	}
	return "?"
}
