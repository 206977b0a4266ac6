package locale

func (chinese) EntitiesTitle() string {
	return "公司与组织"
}

func (chinese) EntitiesLead() string {
	return "在这里，您可以登记您所代表的法人，并查看您可以代表谁办理。没有共用账户：每个人都以本人名义办理。"
}

func (chinese) EntitiesNone() string {
	return "您不代表任何公司或组织。"
}

func (chinese) EntitiesSignIn() string {
	return "登录"
}

func (chinese) EntitiesSignInText() string {
	return "如需更改，请用经过核验的身份和双因素重新登录。"
}

func (chinese) EntityMaster() string {
	return "管理员"
}

func (chinese) EntityOperator() string {
	return "经办人"
}

func (chinese) EntitySuspended() string {
	return "已暂停：目前无人可代表其办理"
}

func (chinese) EntityClosed() string {
	return "已关闭"
}

func (chinese) EntityManage() string {
	return "管理"
}

func (chinese) EntityEverywhere() string {
	return "在所有机关"
}

func (chinese) EntityUntil(date string) string {
	return "至 " + date
}

func (chinese) EntityFrom(date string) string {
	return "自 " + date
}

func (chinese) EntityNoMandate() string {
	return "无授权"
}

func (chinese) EntityLeave() string {
	return "放弃此职责"
}

func (chinese) EntityRegister() string {
	return "登记公司或组织"
}

func (chinese) EntityRegisterText() string {
	return "系统会询问公司登记机关您是否有权代表该公司。登记机关只获知公司号码和您的单向代码，不含姓名。"
}

func (chinese) EntityKind() string {
	return "号码类型"
}

func (chinese) KindThaiJuristic() string {
	return "泰国法人号码（13 位）"
}

func (chinese) KindChineseCredit() string {
	return "中国统一社会信用代码（18 位）"
}

func (chinese) KindVietnameseEnterprise() string {
	return "越南企业代码（10 或 13 位）"
}

func (chinese) EntityNumber() string {
	return "登记号码"
}

func (chinese) EntityName() string {
	return "登记名称"
}

func (chinese) EntityNameHint() string {
	return "供工作人员在无法查询登记机关时使用。"
}

func (chinese) EntityReview() string {
	return "如登记机关不予确认，交由工作人员决定"
}

func (chinese) EntityReviewHint() string {
	return "您在此填写的内容和身份提供方证实的姓名将密封保存至作出决定，最多 30 天。"
}

func (chinese) EntityRegisterDo() string {
	return "登记"
}

func (chinese) EntityRegistered() string {
	return "已登记，您是其管理员。"
}

func (chinese) EntityClaimed() string {
	return "您的申请已交工作人员。您可在此查看决定。"
}

func (chinese) EntityInvalid() string {
	return "表单中有缺失或无效内容：请检查号码和日期。"
}

func (chinese) EntityUnknown() string {
	return "登记机关没有该公司的记录。"
}

func (chinese) EntityDissolved() string {
	return "该公司已不存在，或已在此关闭。"
}

func (chinese) EntityNotConfirmed() string {
	return "未能确认您有权代表该公司。您可以交由工作人员决定。"
}

func (chinese) EntityNoAnswer() string {
	return "登记机关目前没有回应。请稍后再试，或交由工作人员决定。"
}

func (chinese) EntityTooMany() string {
	return "尝试次数过多，请明天再来。"
}

func (chinese) EntityConflict() string {
	return "该项已存在。"
}

func (chinese) EntityGone() string {
	return "情况已发生变化，请重新查看。"
}

func (chinese) EntityRefused() string {
	return "您不能这样做：管理员须先移交给继任者，邀请人不能自己接受邀请。"
}

func (chinese) EntityDone() string {
	return "已完成。"
}

func (chinese) EntityWaiting() string {
	return "您的申请"
}

func (chinese) EntityClaimOpen(date string) string {
	return date + " 提出：等待工作人员处理"
}

func (chinese) EntityClaimApproved(date string) string {
	return date + " 获批准"
}

func (chinese) EntityClaimRejected(date string) string {
	return date + " 被拒绝：证据不足"
}

func (chinese) EntityInvited() string {
	return "您受到邀请"
}

func (chinese) EntityInvitedText() string {
	return "接受后，您将在授权范围内以本人名义代其办理。邀请只能使用一次。"
}

func (chinese) EntityInvitedMaster() string {
	return "接受后，您将接替其管理员，原管理员立即失去该职责。"
}

func (chinese) EntityAccept() string {
	return "接受"
}

func (chinese) EntityDecline() string {
	return "不是我"
}

func (chinese) EntityOfferGone() string {
	return "此邀请已不能使用：它已被使用、被收回，或已超过七天。请索取新的邀请。"
}

func (chinese) EntityPeople() string {
	return "谁代表其办理"
}

func (chinese) EntitySince(date string) string {
	return "自 " + date + " 起"
}

func (chinese) EntityYou() string {
	return "您"
}

func (chinese) EntityRemove() string {
	return "移除"
}

func (chinese) EntityWithdraw() string {
	return "撤回授权"
}

func (chinese) EntityGive() string {
	return "授予权限"
}

func (chinese) EntityDepartment() string {
	return "机关"
}

func (chinese) EntityNoDepartment() string {
	return "暂无"
}

func (chinese) EntityUntilLabel() string {
	return "截止日期"
}

func (chinese) EntityInvite() string {
	return "邀请他人"
}

func (chinese) EntityLabel() string {
	return "您对其的称呼"
}

func (chinese) EntityLabelHint() string {
	return "写岗位或任务即可，例如：会计二号桌。"
}

func (chinese) EntityPerson() string {
	return "其公民号码（如知晓）"
}

func (chinese) EntityPersonHint() string {
	return "填写后他人无法使用该邀请。号码不会被保存。"
}

func (chinese) EntityInviteDo() string {
	return "生成邀请"
}

func (chinese) EntityHandOver() string {
	return "移交"
}

func (chinese) EntityHandOverText() string {
	return "接受此邀请的人从此成为管理员，您将不再是。"
}

func (chinese) EntityHandOverDo() string {
	return "生成移交邀请"
}

func (chinese) EntityLink(date string) string {
	return "请用他人无法看到的方式交付此地址。它只显示一次、只能用一次，有效至 " + date + "："
}

func (chinese) EntityInvitations() string {
	return "待接受的邀请"
}

func (chinese) EntityTakeBack() string {
	return "收回"
}

func (chinese) EntityHistory() string {
	return "历史"
}

func (chinese) HistoryJoined(who string) string {
	return who + " 加入"
}

func (chinese) HistoryRemoved(who string) string {
	return who + "：职责终止"
}

func (chinese) HistoryGiven(who string) string {
	return who + "：获得授权"
}

func (chinese) HistoryEnded(who string) string {
	return who + "：授权终止"
}

func (chinese) WhyLeft() string {
	return "主动放弃"
}

func (chinese) WhyRemoved() string {
	return "由管理员移除"
}

func (chinese) WhyExpired() string {
	return "到期"
}

func (chinese) WhyHandedOver() string {
	return "已移交"
}

func (chinese) WhyStaff() string {
	return "由平台工作人员决定"
}

func (chinese) EntityStatement() string {
	return "您如何证明"
}

func (chinese) EntityStatementHint() string {
	return "供工作人员参考：您的职务、自何时起，以及证明文件的日期和编号。请勿填写身份证号码。"
}

func (chinese) EntityUnclaim() string {
	return "撤回"
}

func (chinese) EntityClaimWithdrawn(date string) string {
	return "已于" + date + "撤回"
}
